using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Execution;

/// <summary>Rows to attention maps by the attention form.</summary>
internal sealed class AttendWorkload(string name, FormSession session, ModelLimits limits, AttentionKind kind, int tokenBudget)
    : Workload<ModelRow, AttentionMaps>(name, tokenBudget, shares: true)
{
    protected override RowSize Measure(ModelRow row)
    {
        limits.Check(row);
        return BatchShape.SizeOf(row, limits);
    }

    public override IReadOnlyList<AttentionMaps> Run(IReadOnlyList<ModelRow> rows, CancellationToken cancellationToken)
    {
        using var feed = RowFeed.Of(session.Form, rows, BatchShape.Of(rows, limits), limits.PadToken, static _ => false);
        string[] layers = [.. session.Form.Outputs.Select(output => output.Name)];
        var values = session.Run(feed, layers, cancellationToken, out var lifetime);
        using (lifetime)
        {
            var results = new AttentionMaps[rows.Count];
            for (var i = 0; i < results.Length; i++)
            {
                // A decoder without tokens of its own reads the text's.
                var own = rows[i].DecoderIds.Length > 0 ? rows[i].DecoderIds.Length : rows[i].Ids.Length;
                var queries = kind == AttentionKind.Self ? rows[i].Ids.Length : own;
                var keys = kind == AttentionKind.Decoder ? own : rows[i].Ids.Length;
                var maps = new float[layers.Length][][];
                for (var layer = 0; layer < maps.Length; layer++)
                {
                    maps[layer] = PaddedTensor.Maps(values[layer], i, queries, keys);
                }

                results[i] = new AttentionMaps(maps, queries, keys);
            }

            return results;
        }
    }
}
