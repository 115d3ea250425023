namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// Chooses the rows of a batch around the one that must go next: its neighbours in length, as many as the budget of padded tokens takes,
/// and fewer where further rows would add more padding than company.
/// </summary>
internal static class BatchCutter
{
    /// <summary>Share of padding that a batch may have.</summary>
    public const double PaddingLimit = 0.04;

    /// <summary>
    /// Padding that a small batch may have whatever its share, as a part of the budget: about what a run of its own costs for calling the
    /// operators alone, so that computing the padding is cheaper than running twice.
    /// </summary>
    private const double RunOverhead = 1 / 16.0;

    /// <summary>The part of the budget from which a batch is no longer small.</summary>
    private const double LargeEnough = 0.5;

    /// <param name="candidates">Rows that may share the batch, the anchor among them. Sorted in place by length.</param>
    /// <param name="anchor">The row that must be in it.</param>
    /// <param name="budget">Padded tokens that a full batch has.</param>
    /// <param name="equalLengths">Whether only rows as long as the anchor may join it.</param>
    public static List<WorkItem> Cut(List<WorkItem> candidates, WorkItem anchor, int budget, bool equalLengths = false)
    {
        candidates.Sort(ByLength);
        var low = candidates.BinarySearch(anchor, ByLength);
        var high = low;
        var size = anchor.Size;
        long tokens = size.Tokens;
        while (true)
        {
            var count = high - low + 2;
            var shorter = low > 0 ? Grown(size, candidates[low - 1]) : default;
            var longer = high + 1 < candidates.Count ? Grown(size, candidates[high + 1]) : default;

            // The cheaper side first; equals go to the right, where the rest of the anchor's own request stands.
            var takeLonger = longer.Exists && (!shorter.Exists || Waste(longer, count, tokens) <= Waste(shorter, count, tokens));
            var next = takeLonger ? longer : shorter;
            if (!next.Exists)
            {
                break;
            }

            var padded = (long)next.Size.Tokens * count;
            var waste = Waste(next, count, tokens);
            if (padded > budget || waste > (equalLengths ? 0 : AllowedPadding(padded, budget)))
            {
                break;
            }

            size = next.Size;
            tokens += next.Tokens;
            if (takeLonger)
            {
                high++;
            }
            else
            {
                low--;
            }
        }

        return candidates.GetRange(low, high - low + 1);
    }

    private static double AllowedPadding(long padded, int budget) =>
        Math.Max(padded * PaddingLimit, padded <= budget * LargeEnough ? budget * RunOverhead : 0);

    private static Growth Grown(RowSize size, WorkItem item) => new(RowSize.Max(size, item.Size), item.Size.Tokens, Exists: true);

    private static long Waste(Growth growth, int count, long tokens) => ((long)growth.Size.Tokens * count) - tokens - growth.Tokens;

    private static readonly Comparer<WorkItem> ByLength = Comparer<WorkItem>.Create(
        (left, right) =>
        {
            var order = left.Size.Source.CompareTo(right.Size.Source);
            if (order == 0)
            {
                order = left.Size.Target.CompareTo(right.Size.Target);
            }

            if (order == 0)
            {
                order = left.Rank.CompareTo(right.Rank);
            }

            return order != 0 ? order : left.Sequence.CompareTo(right.Sequence);
        }
    );

    private readonly record struct Growth(RowSize Size, int Tokens, bool Exists);
}
