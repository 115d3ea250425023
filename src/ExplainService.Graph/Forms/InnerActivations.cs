using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>The inner activations of feed-forward networks, after the nonlinearity, [batch, sequence, inner] a layer.</summary>
/// <param name="Layers">Of which layers, in order.</param>
public sealed record InnerActivations(IReadOnlyList<int> Layers) : GraphTap
{
    /// <inheritdoc/>
    public override string Name => "activations/" + string.Join(',', Layers);

    /// <inheritdoc/>
    public bool Equals(InnerActivations? other) => other is not null && Layers.SequenceEqual(other.Layers);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    internal override void Emit(Tape tape, GraphReport report)
    {
        foreach (var layer in Layers)
        {
            tape.Output(tape[ActivationOf(report, layer)].Cast(ElementType.Float), FormNames.Activation(layer));
        }
    }

    /// <summary>A layer's activation, [batch, sequence, inner].</summary>
    /// <exception cref="NotSupportedException">None was found.</exception>
    internal static string ActivationOf(GraphReport report, int layer) =>
        HiddenStates.Blocks(report)[layer].Activation ?? throw new NotSupportedException(report.NoNeurons);
}
