using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>What the heads of every attention layer give out at every token, before the matrix that joins them: [heads × tokens × channels] a layer.</summary>
public sealed record HeadOutputsTap : ModelTap<LayerValues>
{
    internal override ModelFeature Feature => ModelFeature.Layers;

    internal override GraphTap Values => new HeadOutputs();

    internal override LayerValues ResultOf(TokenRow row, int number, IReadOnlyList<OrtValue> values)
    {
        var channels = (int)values[0].GetTensorTypeAndShape().Shape[^1];
        return new LayerValues(
            [.. values.Select(layer => PaddedTensor.Maps(layer, number, row.Ids.Length, channels).SelectMany(head => head).ToArray())],
            channels
        );
    }

    internal override float[] NumbersOf(LayerValues result) => [.. result.Layers.SelectMany(layer => layer)];
}
