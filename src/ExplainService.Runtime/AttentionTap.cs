using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>The attention maps of one kind, of every layer and head.</summary>
/// <param name="Kind">Whose attention to whom.</param>
public sealed record AttentionTap(AttentionKind Kind) : ModelTap<AttentionMaps>
{
    internal override ModelFeature Feature => ModelFeature.Attention;

    internal override GraphTap Values => new AttentionValues(GraphTerms.RoleOf(Kind));

    internal override AttentionMaps ResultOf(TokenRow row, int number, IReadOnlyList<OrtValue> values)
    {
        // A decoder without tokens of its own reads the text's.
        var own = row.DecoderIds.Length > 0 ? row.DecoderIds.Length : row.Ids.Length;
        var queries = Kind == AttentionKind.Self ? row.Ids.Length : own;
        var keys = Kind == AttentionKind.Decoder ? own : row.Ids.Length;
        return new AttentionMaps([.. values.Select(layer => PaddedTensor.Maps(layer, number, queries, keys))], queries, keys);
    }

    internal override float[] NumbersOf(AttentionMaps result) => [.. result.Values.SelectMany(heads => heads.SelectMany(map => map))];
}
