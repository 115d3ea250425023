namespace ExplainService.Goldens;

/// <summary>How far two lists of scores agree on the order of things: what the tests and benchmarks measure estimates by.</summary>
public static class RankCorrelation
{
    /// <summary>
    /// Spearman's coefficient: the correlation of ranks, ties sharing their mean rank. NaN where one list is constant or shorter than 2.
    /// </summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static double Spearman(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        if (left.Length != right.Length)
        {
            throw new ArgumentException($"{left.Length} scores against {right.Length}.", nameof(right));
        }

        var mean = (left.Length + 1) / 2.0;
        double[] a = [.. Ranks(left).Select(rank => rank - mean)];
        double[] b = [.. Ranks(right).Select(rank => rank - mean)];
        var (spreadA, spreadB) = (a.Sum(rank => rank * rank), b.Sum(rank => rank * rank));
        return spreadA > 0 && spreadB > 0 ? a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(spreadA * spreadB) : double.NaN;
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
}
