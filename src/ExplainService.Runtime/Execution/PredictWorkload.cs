using ExplainService.Graph.Forms;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Execution;

/// <summary>Rows to logits by the forward form.</summary>
internal sealed class PredictWorkload(
    string name,
    FormSession session,
    ModelLimits limits,
    Readout readout,
    int tokenBudget,
    long cacheBytes
) : Workload<ModelRow, Logits>(name, tokenBudget, shares: true, recent: new ResultCache(cacheBytes, SizeOf))
{
    /// <summary>Columns of the logits of the last batch; null before the first.</summary>
    public int? Columns { get; private set; }

    /// <summary>The columns changed with the length of the rows.</summary>
    public bool ColumnsVary { get; private set; }

    /// <summary>Shares what rows have in common; null where the model does not allow it.</summary>
    public PrefixSharing? Sharing { get; set; }

    /// <summary>Keeps rows apart that a classifier would confuse; null where it does not.</summary>
    public EndCounts? Ends { get; init; }

    protected override RowSize Measure(ModelRow row)
    {
        limits.Check(row);
        readout.Check(row);
        return BatchShape.SizeOf(row, limits);
    }

    public override IReadOnlyList<Logits> Run(IReadOnlyList<ModelRow> rows, CancellationToken cancellationToken) =>
        Sharing is not null ? Sharing.Run(rows, RunWhole, cancellationToken)
        : Ends is not null ? Ends.Run(rows, static row => row.Ids, alike => RunWhole(alike, cancellationToken))
        : RunWhole(rows, cancellationToken);

    private Logits[] RunWhole(IReadOnlyList<ModelRow> rows, CancellationToken cancellationToken)
    {
        using var feed = RowFeed.Of(session.Form, rows, BatchShape.Of(rows, limits), limits.PadToken, static _ => false);
        var values = session.Run(feed, [FormNames.Logits], cancellationToken, out var lifetime);
        using (lifetime)
        {
            var dims = values[0].GetTensorTypeAndShape().Shape;
            var (lines, columns) = ((int)dims[1], (int)dims[2]);
            ColumnsVary |= Columns is { } before && before != columns;
            Columns = columns;
            var table = values[0].GetTensorDataAsSpan<float>();
            var results = new Logits[rows.Count];
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = readout.Of(rows[i], table.Slice(i * lines * columns, lines * columns), columns);
            }

            return results;
        }
    }

    private static long SizeOf(object row, object result)
    {
        var tokens = (ModelRow)row;
        return 200
            + (
                4L
                * (
                    tokens.Ids.Length
                    + tokens.TypeIds.Length
                    + tokens.DecoderIds.Length
                    + tokens.Reads.Length
                    + ((Logits)result).Values.Length
                )
            );
    }
}
