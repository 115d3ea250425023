namespace ExplainService.Methods.Numerics;

/// <summary>How far two lists of scores agree on the order of things.</summary>
public static class RankCorrelation
{
    /// <summary>
    /// Spearman's coefficient: the correlation of ranks, ties sharing their mean rank. NaN where one list is constant or shorter than 2.
    /// </summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static double Spearman(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        RequireEqualLengths(left, right);
        var mean = (left.Length + 1) / 2.0;
        double[] a = [.. Ranks(left).Select(rank => rank - mean)];
        double[] b = [.. Ranks(right).Select(rank => rank - mean)];
        var (spreadA, spreadB) = (a.Sum(rank => rank * rank), b.Sum(rank => rank * rank));
        return spreadA > 0 && spreadB > 0 ? a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(spreadA * spreadB) : double.NaN;
    }

    /// <summary>Kendall's τ-b: pairs in the same order less pairs in the other, over those that are tied in neither list; NaN as above.</summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static double Kendall(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        RequireEqualLengths(left, right);
        var (balance, untiedLeft, untiedRight) = (0L, 0L, 0L);
        for (var i = 0; i < left.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (left[i].CompareTo(left[j]), right[i].CompareTo(right[j]));
                balance += Math.Sign(a) * Math.Sign(b);
                untiedLeft += a != 0 ? 1 : 0;
                untiedRight += b != 0 ? 1 : 0;
            }
        }

        return untiedLeft > 0 && untiedRight > 0 ? balance / Math.Sqrt((double)untiedLeft * untiedRight) : double.NaN;
    }

    /// <summary>1 for the smallest; equal scores share the mean of the ranks they take up.</summary>
    public static double[] Ranks(ReadOnlySpan<double> scores)
    {
        var sorted = scores.ToArray();
        var order = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort(sorted, order);
        var ranks = new double[scores.Length];
        for (var first = 0; first < order.Length; )
        {
            var end = first + 1;
            while (end < order.Length && sorted[end].Equals(sorted[first]))
            {
                end++;
            }

            for (var i = first; i < end; i++)
            {
                ranks[order[i]] = (first + 1 + end) / 2.0;
            }

            first = end;
        }

        return ranks;
    }

    private static void RequireEqualLengths(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        if (left.Length != right.Length)
        {
            throw new ArgumentException($"{left.Length} scores against {right.Length}.", nameof(right));
        }
    }
}
