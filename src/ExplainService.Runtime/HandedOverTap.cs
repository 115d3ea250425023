using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>Of a row of a model of pictures and texts the embedding that the other side is compared with.</summary>
public sealed record HandedOverTap : ModelTap<float[]>
{
    internal override ModelFeature Feature => ModelFeature.Predict;

    internal override GraphTap Values => new HandedOver();

    internal override bool IsKept => true;

    internal override float[] ResultOf(TokenRow row, int number, IReadOnlyList<OrtValue> values) =>
        PaddedTensor.Line(values[0], number, int.MaxValue);

    internal override float[] NumbersOf(float[] result) => result;
}
