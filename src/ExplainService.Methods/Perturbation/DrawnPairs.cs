using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Perturbation;

/// <summary>How coalitions came to be in a sample: each with its complement, without replacement, size by size.</summary>
internal static class DrawnPairs
{
    /// <summary>The pairs, and what drawing another sample could change of each: nothing, where all pairs of its size are here.</summary>
    /// <param name="coalitions">The text and its empty version, then pairs; the last may be without its complement.</param>
    public static DrawnGroup[] Of(IReadOnlyList<Coalition> coalitions)
    {
        var players = coalitions[0].Players;
        var firsts = coalitions.Where((_, n) => n % 2 == 0);
        int[] sizes = [.. firsts.Select(coalition => Math.Min(coalition.Count, players - coalition.Count))];
        var drawn = sizes.CountBy(size => size).ToDictionary();
        return [.. sizes.Select((size, pair) => new DrawnGroup(
            2 * pair, Math.Min(2, coalitions.Count - (2 * pair)), Math.Max(0, 1 - (drawn[size] / Pairs(players, size)))))];
    }

    /// <summary>Pairs of a size: the binomial coefficient, or half of it in the middle, where a complement is of the same size.</summary>
    private static double Pairs(int players, int size)
    {
        var count = 1.0;
        for (var i = 0; i < size; i++)
        {
            count *= (double)(players - i) / (i + 1);
        }

        return Math.Round(2 * size == players ? count / 2 : count);
    }
}
