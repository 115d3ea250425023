using System.Runtime.InteropServices;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// For more pairs than one dense regression holds, of more players than a linear correction can tell apart: regressions on parts of
/// the pairs under one prior, each weighing by what it knows beyond that prior (a Bayesian committee machine; Tresp 2000). Takes the
/// memory of one part.
/// </summary>
internal static class WalshCommittee
{
    /// <summary>Scores of one output and the standard deviation of what remains unknown of them: [players] each.</summary>
    /// <param name="sample">The pairs, the full text first: it is in every part.</param>
    /// <param name="output">Which.</param>
    /// <param name="prior">Learnt from some of them.</param>
    /// <param name="most">The most pairs of a part.</param>
    /// <param name="cancellationToken">Asked between parts.</param>
    public static (double[] Scores, double[] Errors) Shapley(
        PairSample sample, int output, WalshPrior prior, int most, CancellationToken cancellationToken)
    {
        var values = CollectionsMarshal.AsSpan(sample.Odd[output]);
        var parts = (sample.Count - 2 + most - 1) / (most - 1);
        var apriori = WalshReading.PriorVariances(prior);
        var (known, weighted) = (new double[sample.Players], new double[sample.Players]);
        for (var part = 0; part < parts; part++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (first, end) = (1 + Cut(part), 1 + Cut(part + 1));
            double[][] signs = [.. sample.Coalitions.Signs(0, 1), .. sample.Coalitions.Signs(first, end - first)];
            var fit = new WalshRegression(signs, cancellationToken).Condition(prior, [values[0], .. values[first..end]]);
            var (scores, errors) = WalshReading.Shapley(fit, signs, withUnexplained: true);
            for (var i = 0; i < scores.Length; i++)
            {
                // The prior counts once, not once a part.
                var precision = 1 / Math.Max(errors[i] * errors[i], double.Epsilon);
                known[i] += precision - ((parts - 1.0) / parts / (fit.Calibration * apriori[i]));
                weighted[i] += precision * scores[i];
            }
        }

        return ([.. weighted.Zip(known, (sum, all) => sum / all)], [.. known.Select(all => Math.Sqrt(1 / all))]);

        int Cut(int part) => (int)((long)(sample.Count - 1) * part / parts);
    }
}
