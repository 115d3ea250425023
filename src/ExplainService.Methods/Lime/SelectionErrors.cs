using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Lime;

/// <summary>
/// Standard errors of a surrogate that keeps the strongest units alone. A formula for the fit of the chosen units takes the choice for
/// granted, and that is what another draw would change most: here units are chosen anew for every reweighting of the coalitions (the
/// Bayesian bootstrap, Rubin 1981). A coalition and its complement were drawn together and are reweighted together.
/// </summary>
internal static class SelectionErrors
{
    // The error of an error is a tenth.
    private const int Reweightings = 50;

    /// <summary>
    /// The errors, [outputs][units]; of a unit that was not kept it is how far from zero another choice would take it. Null where the time
    /// is up before all reweightings: of fewer they would depend on how busy the machine is.
    /// </summary>
    /// <param name="fit">The surrogate under weights of the coalitions.</param>
    /// <param name="weights">[coalitions] as they are.</param>
    /// <param name="pairs">How they were drawn.</param>
    /// <param name="values">[outputs][coalitions].</param>
    /// <param name="scores">[outputs][units] as answered.</param>
    /// <param name="seed">Of the reweightings.</param>
    /// <param name="outOfTime">Asked before every reweighting.</param>
    public static double[][]? Of(
        Func<double[], Surrogate> fit,
        double[] weights,
        DrawnGroup[] pairs,
        IReadOnlyList<double[]> values,
        IReadOnlyList<double[]> scores,
        long seed,
        Func<bool> outOfTime
    )
    {
        var random = new SeededRandom(~seed);
        var squares = scores.Select(own => new double[own.Length]).ToArray();
        for (var round = 0; round < Reweightings; round++)
        {
            if (outOfTime())
            {
                return null;
            }

            var surrogate = fit(Reweighted(weights, pairs, random));
            for (var output = 0; output < squares.Length; output++)
            {
                var again = surrogate.Fit(values[output]).Scores;
                for (var unit = 0; unit < again.Length; unit++)
                {
                    squares[output][unit] += Math.Pow(again[unit] - scores[output][unit], 2);
                }
            }
        }

        // A fit is nearer to its own coalitions than to others, the more so the more units could be chosen (MacKinnon and White 1985, HC1).
        var lost = (double)weights.Length / (weights.Length - scores[0].Length - 1) / Reweightings;
        return [.. squares.Select(own => own.Select(sum => Math.Sqrt(sum * lost)).ToArray())];
    }

    /// <summary>Exponential weights, 1 on average, drawn towards 1 where little was left to chance.</summary>
    private static double[] Reweighted(double[] weights, DrawnGroup[] pairs, SeededRandom random)
    {
        var drawn = pairs.Select(_ => -Math.Log(1 - random.NextDouble())).ToArray();
        var mean = drawn.Average();
        return [.. weights.Select((weight, n) => weight * (1 + (Math.Sqrt(pairs[n / 2].Chance) * ((drawn[n / 2] / mean) - 1))))];
    }
}
