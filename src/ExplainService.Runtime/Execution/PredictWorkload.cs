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
    LogitsLayout layout,
    int tokenBudget,
    long cacheBytes
) : Workload<TokenRow, Logits>(name, tokenBudget, shares: true, recent: new ResultCache(cacheBytes, SizeOf, RowParts.Of))
{
    /// <summary>Classes of the logits of the last batch; null before the first.</summary>
    public int? Classes { get; private set; }

    /// <summary>The number of classes changed with the length of the rows, so that they are tokens rather than classes.</summary>
    public bool ClassesVary { get; private set; }

    /// <summary>Shares what rows have in common; null where the model does not allow it.</summary>
    public PrefixSharing? Sharing { get; set; }

    /// <summary>Keeps rows apart that a classifier would confuse; null where it does not.</summary>
    public EosCountGrouping? EosGrouping { get; init; }

    protected override RowSize Measure(TokenRow row)
    {
        limits.Check(row);
        layout.Check(row);
        return BatchShape.SizeOf(row, limits);
    }

    protected override object? CompanyOf(TokenRow row) => row.Other;

    public override IReadOnlyList<Logits> Run(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken) =>
        Sharing is not null ? Sharing.Run(rows, RunWhole, cancellationToken)
        : EosGrouping is not null ? EosGrouping.Run(rows, static row => row.Ids, alike => RunWhole(alike, cancellationToken))
        : RunWhole(rows, cancellationToken);

    private Logits[] RunWhole(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken)
    {
        using var inputs = RowInputs.Of(session.Form, rows, BatchShape.Of(rows, limits), limits.PadToken, static _ => false);
        var values = session.Run(inputs, [FormNames.Logits], cancellationToken, out var lifetime);
        using (lifetime)
        {
            var dims = values[0].GetTensorTypeAndShape().Shape;
            var (positions, classes) = ((int)dims[1], (int)dims[2]);
            ClassesVary |= Classes is { } before && before != classes;
            Classes = classes;
            var table = values[0].GetTensorDataAsSpan<float>();
            var results = new Logits[rows.Count];
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = layout.Of(rows[i], table.Slice(i * positions * classes, positions * classes), classes);
            }

            return results;
        }
    }

    private static long SizeOf(object row, object result) => ((TokenRow)row).Bytes + (sizeof(float) * (long)((Logits)result).Values.Length);
}
