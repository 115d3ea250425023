using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;

namespace ExplainService.Runtime.Execution;

/// <summary>Lengths of rows and of batches of them.</summary>
internal static class BatchShape
{
    /// <summary>What the scheduler sorts and pads by.</summary>
    public static RowSize SizeOf(TokenRow row, ModelLimits limits) =>
        row.PairStart > 0
            ? new(2 * (limits.FixedLength ?? Math.Max(row.PairStart, row.Ids.Length - row.PairStart)), 0)
            : new(limits.FixedLength ?? row.Ids.Length, row.DecoderIds.Length);

    /// <summary>The longest lengths among rows, or the one length that the graph takes.</summary>
    public static (int Source, int Target, int Positions) Of(IReadOnlyList<TokenRow> rows, ModelLimits? limits = null)
    {
        var (source, target, reads) = (limits?.FixedLength ?? 1, 0, 1);
        foreach (var row in rows)
        {
            source = Math.Max(source, row.Length - row.DecoderIds.Length);
            target = Math.Max(target, row.DecoderIds.Length);
            reads = Math.Max(reads, row.OutputPositions.Length);
        }

        return (source, target, reads);
    }
}
