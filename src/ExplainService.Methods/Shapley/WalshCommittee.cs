using System.Runtime.InteropServices;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// For more pairs than one dense regression holds, of more players than a linear correction can tell apart: regressions on parts of
/// the pairs under one prior, each weighing by what it knows beyond that prior (a Bayesian committee machine; Tresp 2000). Takes the
/// memory of one part.
/// </summary>
internal static class WalshCommittee
{
    // A game that never changes leaves nothing unknown; its parts weigh the same then, by a number that sums of them can hold.
    private const double MinVariance = 1e-200;

    /// <summary>Scores of every output and the standard deviation of what remains unknown of them: [players] each.</summary>
    /// <param name="sample">The pairs, the full text first: it is in every part.</param>
    /// <param name="outputs">Those that share the prior, and with it the matrices of a part.</param>
    /// <param name="prior">Learnt from some of them.</param>
    /// <param name="most">The most pairs of a part.</param>
    /// <param name="cancellationToken">Asked between parts.</param>
    public static (double[] Scores, double[] Errors)[] Shapley(
        PairSample sample,
        int[] outputs,
        WalshPrior prior,
        int most,
        CancellationToken cancellationToken
    )
    {
        var parts = (sample.Count - 2 + most - 1) / (most - 1);
        var apriori = WalshScores.PriorVariances(prior);
        var sums = outputs.Select(_ => (Known: new double[sample.Players], Weighted: new double[sample.Players])).ToArray();
        for (var part = 0; part < parts; part++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (first, end) = (1 + Cut(part), 1 + Cut(part + 1));
            double[][] signs = [.. sample.Coalitions.Signs(0, 1), .. sample.Coalitions.Signs(first, end - first)];
            var regression = new WalshRegression(signs, cancellationToken);
            WalshFit[] fits = [.. outputs.Select(output => regression.Condition(prior, Values(output, first, end)))];
            var found = WalshScores.Shapley(fits, signs, withUnexplained: true);
            for (var f = 0; f < fits.Length; f++)
            {
                var ((known, weighted), (scores, errors)) = (sums[f], found[f]);
                for (var i = 0; i < scores.Length; i++)
                {
                    // The prior counts once, not once a part.
                    var precision = 1 / Math.Max(errors[i] * errors[i], MinVariance);
                    known[i] += precision - ((parts - 1.0) / parts / Math.Max(fits[f].Calibration * apriori[i], MinVariance));
                    weighted[i] += precision * scores[i];
                }
            }
        }

        return
        [
            .. sums.Select(own =>
                (own.Weighted.Zip(own.Known, (sum, all) => sum / all).ToArray(), own.Known.Select(all => Math.Sqrt(1 / all)).ToArray())
            ),
        ];

        int Cut(int part) => (int)((long)(sample.Count - 1) * part / parts);

        double[] Values(int output, int first, int end)
        {
            var values = CollectionsMarshal.AsSpan(sample.Odd[output]);
            return [values[0], .. values[first..end]];
        }
    }
}
