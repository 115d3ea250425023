using System.Numerics;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// The Shapley interaction index of three players, Σ_S |S|!(m−|S|−3)!/(m−2)! · Δ_ijk v(S) (Grabisch and Roubens 1999). A Walsh function of odd
/// order d gives each three of its members 8/(d−2), the mean over t ~ U(0, 1) of 8(2t−1)^(d−3); every other function gives none, so that
/// triples are read off the odd part, as Shapley values are. They are listed by their largest player, then the next, then the third.
/// </summary>
public static class TripleShapley
{
    private const int MostListed = 50;

    // Of the strongest unit's score: what is below is not worth a line, and of an estimate mostly its error.
    private const double LeastShare = 0.01;

    /// <summary>How many triples so many players have.</summary>
    public static int Count(int players) => players * (players - 1) * (players - 2) / 6;

    /// <summary>Exactly: by the Walsh coefficients of all coalitions' values.</summary>
    /// <param name="players">m.</param>
    /// <param name="values">v(S) by bit mask of the present players: [2^m].</param>
    public static double[] Counted(int players, ReadOnlySpan<double> values)
    {
        var coefficients = values.ToArray();
        for (var width = 1; width < coefficients.Length; width *= 2)
        {
            for (var start = 0; start < coefficients.Length; start += 2 * width)
            {
                for (var at = start; at < start + width; at++)
                {
                    (coefficients[at], coefficients[at + width]) = (
                        coefficients[at] + coefficients[at + width],
                        coefficients[at] - coefficients[at + width]
                    );
                }
            }
        }

        var triples = new double[Count(players)];
        Span<int> members = stackalloc int[BitOperations.PopCount((uint)Math.Max(0, coefficients.Length - 1))];
        for (var mask = 0; mask < coefficients.Length; mask++)
        {
            var order = BitOperations.PopCount((uint)mask);
            if (order < 3 || order % 2 == 0)
            {
                continue;
            }

            var found = 0;
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                members[found++] = BitOperations.TrailingZeroCount(rest);
            }

            // The transform counts a present player as −1, and there is an odd number of them.
            var score = -coefficients[mask] / coefficients.Length * 8 / (order - 2);
            for (var k = 2; k < order; k++)
            {
                for (var j = 1; j < k; j++)
                {
                    for (var i = 0; i < j; i++)
                    {
                        triples[IndexOf(members[i], members[j], members[k])] += score;
                    }
                }
            }
        }

        return triples;
    }

    /// <summary>Of players, the strongest first, as answers list them.</summary>
    /// <param name="players">m.</param>
    /// <param name="triples">All of them.</param>
    /// <param name="scores">[players]: the players' own.</param>
    public static IReadOnlyList<TripleAnswer> Strongest(int players, double[] triples, IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(triples);
        var least = LeastShare * scores.Select(Math.Abs).DefaultIfEmpty(0).Max();
        var all =
            from k in Enumerable.Range(0, players)
            from j in Enumerable.Range(0, k)
            from i in Enumerable.Range(0, j)
            let score = triples[IndexOf(i, j, k)]
            where Math.Abs(score) >= least && score != 0
            orderby Math.Abs(score) descending, i, j, k
            select new TripleAnswer([i, j, k], score);
        return [.. all.Take(MostListed)];
    }

    /// <summary>As a fit of the odd part has them.</summary>
    internal static double[] Estimated(WalshFit fit, double[][] signs, CancellationToken cancellationToken)
    {
        var players = signs[0].Length;
        var (triples, kernel) = (new double[Count(players)], fit.Prior.Kernel());
        if (players < 3)
        {
            return triples;
        }

        var inverseChoose = WalshScores.InverseBinomials(players - 3);
        for (var pair = 0; pair < signs.Length; pair++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (order, energy) in fit.Prior.Orders.Zip(fit.Prior.Energies))
            {
                if (order >= 3)
                {
                    kernel.AddTripleParts(signs[pair], order, fit.Weights[pair] * energy * 8 / (order - 2), triples);
                }
            }

            AddOwn(signs[pair], fit.Weights[pair] * fit.Prior.Nugget * 2 / (players - 2), inverseChoose, triples);
        }

        return triples;
    }

    /// <summary>What no order explains of a pair's value counts as the game's own, as it does in the scores.</summary>
    private static void AddOwn(double[] signs, double factor, double[] inverseChoose, double[] triples)
    {
        var (size, at) = (WalshScores.Size(signs), 0);
        for (var k = 0; k < signs.Length; k++)
        {
            for (var j = 0; j < k; j++)
            {
                for (var i = 0; i < j; i++)
                {
                    var present = (signs[i] > 0 ? 1 : 0) + (signs[j] > 0 ? 1 : 0) + (signs[k] > 0 ? 1 : 0);
                    triples[at++] += factor * signs[i] * signs[j] * signs[k] * inverseChoose[size - present];
                }
            }
        }
    }

    private static int IndexOf(int first, int second, int third) =>
        (third * (third - 1) * (third - 2) / 6) + (second * (second - 1) / 2) + first;
}
