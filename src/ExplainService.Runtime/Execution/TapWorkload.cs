using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Execution;

/// <summary>Rows to what a tap reads of them, by the tap's form.</summary>
internal sealed class TapWorkload<TResult>(
    string name,
    FormSession session,
    ModelLimits limits,
    ModelTap<TResult> tap,
    int tokenBudget,
    long cacheBytes = 0
)
    : Workload<TokenRow, TResult>(
        name,
        tokenBudget,
        shares: true,
        recent: tap.IsKept
            ? new ResultCache(
                cacheBytes,
                (row, result) => ((TokenRow)row).Bytes + (sizeof(float) * tap.NumbersOf((TResult)result).Length),
                RowParts.Of
            )
            : null
    )
    where TResult : class
{
    private readonly string[] outputs = [.. session.Form.Outputs.Select(output => output.Name)];

    protected override RowSize Measure(TokenRow row)
    {
        limits.Check(row);
        return BatchShape.SizeOf(row, limits);
    }

    protected override object? CompanyOf(TokenRow row) => row.Other;

    public override IReadOnlyList<TResult> Run(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken)
    {
        using var inputs = RowInputs.Of(session.Form, rows, BatchShape.Of(rows, limits), limits.PadToken, static _ => false);
        var values = session.Run(inputs, outputs, cancellationToken, out var lifetime);
        using (lifetime)
        {
            var results = new TResult[rows.Count];
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = tap.ResultOf(rows[i], i, values);
            }

            return results;
        }
    }
}
