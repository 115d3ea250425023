using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>How much of each token reaches each in every layer, all heads together: one map a layer (Kobayashi et al. 2020).</summary>
public sealed record AttentionNormsTap : ModelTap<AttentionMaps>
{
    internal override ModelFeature Feature => ModelFeature.Layers;

    internal override GraphTap Values => new AttentionNorms();

    internal override AttentionMaps ResultOf(TokenRow row, int number, IReadOnlyList<OrtValue> values)
    {
        var tokens = row.Ids.Length;
        return new AttentionMaps([.. values.Select(layer => new[] { PaddedTensor.Matrix(layer, number, tokens, tokens) })], tokens, tokens);
    }

    internal override float[] NumbersOf(AttentionMaps result) => [.. result.Values.SelectMany(heads => heads.SelectMany(map => map))];
}
