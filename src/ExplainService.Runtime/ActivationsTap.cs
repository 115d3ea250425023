using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>The inner activations of the feed-forward networks at every token, after the nonlinearity.</summary>
/// <param name="Layers">Of which layers, from 0.</param>
public sealed record ActivationsTap(IReadOnlyList<int> Layers) : ModelTap<LayerValues>
{
    /// <summary>Of all layers of a model.</summary>
    public static ActivationsTap OfAll(ModelDescription model) => new([.. Enumerable.Range(0, model.Layers)]);

    /// <inheritdoc/>
    public bool Equals(ActivationsTap? other) => other is not null && Layers.SequenceEqual(other.Layers);

    /// <inheritdoc/>
    public override int GetHashCode() => Layers.Aggregate(17, HashCode.Combine);

    internal override ModelFeature Feature => ModelFeature.Neurons;

    internal override GraphTap Values => new InnerActivations(Layers);

    internal override LayerValues ResultOf(TokenRow row, int number, IReadOnlyList<OrtValue> values) =>
        PaddedTensor.Layers(values, number, row.Ids.Length);

    internal override float[] NumbersOf(LayerValues result) => [.. result.Layers.SelectMany(layer => layer)];
}
