using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Coalitions;

/// <summary>How coalitions came to be in a sample: each with its complement, without replacement, size by size.</summary>
internal static class DrawnPairs
{
    /// <summary>The pairs, and what drawing another sample could change of each: nothing, where all pairs of its size are here.</summary>
    /// <param name="coalitions">The text and its empty version, then pairs; the last may be without its complement.</param>
    public static DrawnGroup[] Of(IReadOnlyList<Coalition> coalitions)
    {
        var players = coalitions[0].Players;
        var firsts = coalitions.Where((_, n) => n % 2 == 0);
        int[] sizes = [.. firsts.Select(Size)];

        // One by one: a coalition without its complement is half of a pair, and the other half is left to chance.
        var drawn = coalitions.CountBy(Size).ToDictionary();
        return
        [
            .. sizes.Select(
                (size, pair) =>
                    new DrawnGroup(
                        2 * pair,
                        Math.Min(2, coalitions.Count - (2 * pair)),
                        Math.Max(0, 1 - (drawn[size] / 2.0 / CoalitionPairs.Count(players, size)))
                    )
            ),
        ];

        int Size(Coalition coalition) => Math.Min(coalition.Count, players - coalition.Count);
    }
}
