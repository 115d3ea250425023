using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>The inner activations of feed-forward networks, after the nonlinearity, [batch, sequence, inner] a layer.</summary>
public sealed record InnerActivations : GraphTap
{
    /// <inheritdoc/>
    public override string Name => "activations";

    internal override void Emit(Tape tape, GraphReport report)
    {
        for (var layer = 0; layer < HiddenStates.Blocks(report).Count; layer++)
        {
            tape.Output(tape[ActivationOf(report, layer)].Cast(ElementType.Float), FormNames.Activation(layer));
        }
    }

    /// <summary>A layer's activation, [batch, sequence, inner].</summary>
    /// <exception cref="NotSupportedException">None was found.</exception>
    internal static string ActivationOf(GraphReport report, int layer) =>
        HiddenStates.Blocks(report)[layer].Activation ?? throw new NotSupportedException(report.NoNeurons);
}
