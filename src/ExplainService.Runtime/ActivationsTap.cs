using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>The inner activations of every layer's feed-forward network at every token, after the nonlinearity.</summary>
public sealed record ActivationsTap : ModelTap<LayerValues>
{
    internal override ModelFeature Feature => ModelFeature.Neurons;

    internal override GraphTap Values => new InnerActivations();

    internal override LayerValues ResultOf(TokenRow row, int number, IReadOnlyList<OrtValue> values) =>
        PaddedTensor.Layers(values, number, row.Ids.Length);

    internal override float[] NumbersOf(LayerValues result) => [.. result.Layers.SelectMany(layer => layer)];
}
