using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>The residual stream at every token: before the first layer, then behind each, the model's number of layers and one.</summary>
public sealed record HiddenStatesTap : ModelTap<LayerValues>
{
    internal override ModelFeature Feature => ModelFeature.Layers;

    internal override GraphTap Values => new HiddenStates();

    internal override LayerValues ResultOf(TokenRow row, int number, IReadOnlyList<OrtValue> values) =>
        PaddedTensor.Layers(values, number, row.Ids.Length);

    internal override float[] NumbersOf(LayerValues result) => [.. result.Layers.SelectMany(layer => layer)];
}
