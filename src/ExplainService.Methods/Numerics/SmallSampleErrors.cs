namespace ExplainService.Methods.Numerics;

/// <summary>
/// Standard errors of several means of few draws each, widened so that two of them hold the truth about 95 times in 100. The plain s/√n
/// does so half of the time for two draws.
/// </summary>
public static class SmallSampleErrors
{
    // The spread of a single mean's draws is itself uncertain: it is drawn towards that of all means by so many observations.
    private const double PooledObservations = 4;

    private const double Z = 1.959964;

    /// <summary>One standard error of a mean that has nothing to pool with: means of the same draws err together.</summary>
    /// <param name="deviations">The sum of squared deviations of the draws from their mean.</param>
    /// <param name="count">How many draws; two at least.</param>
    public static double StandardError(double deviations, int count) =>
        Math.Sqrt(deviations / (count - 1) / count) * StudentOverNormal(count - 1);

    /// <summary>One standard error of every mean, for draws from a population without end.</summary>
    /// <param name="deviations">[means]: the sum of squared deviations of a mean's draws from it.</param>
    /// <param name="counts">[means]: how many draws; at least one each and two of some.</param>
    public static double[] StandardErrors(ReadOnlySpan<double> deviations, ReadOnlySpan<int> counts)
    {
        var (sum, known) = (0.0, 0);
        for (var i = 0; i < counts.Length; i++)
        {
            sum += deviations[i];
            known += counts[i] - 1;
        }

        var pooled = known > 0 ? sum / known : 0;
        var errors = new double[counts.Length];
        for (var i = 0; i < errors.Length; i++)
        {
            var freedom = counts[i] - 1 + PooledObservations;
            var variance = (deviations[i] + (PooledObservations * pooled)) / freedom;
            errors[i] = Math.Sqrt(variance / counts[i]) * StudentOverNormal(Math.Min(freedom, known));
        }

        return errors;
    }

    /// <summary>
    /// The 97.5 % point of Student's t over that of the normal: Cauchy's, then four terms of the expansion (Abramowitz and Stegun 26.7.5).
    /// </summary>
    internal static double StudentOverNormal(double freedom)
    {
        if (freedom < 2)
        {
            return Math.Tan(0.475 * Math.PI) / Z;
        }

        const double Z2 = Z * Z;
        return 1
            + ((Z2 + 1) / (4 * freedom))
            + (((((5 * Z2) + 16) * Z2) + 3) / (96 * Math.Pow(freedom, 2)))
            + (((((((3 * Z2) + 19) * Z2) + 17) * Z2) - 15) / (384 * Math.Pow(freedom, 3)))
            + (((((((((79 * Z2) + 776) * Z2) + 1482) * Z2) - 1920) * Z2) - 945) / (92160 * Math.Pow(freedom, 4)));
    }
}
