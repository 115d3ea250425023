using System.Numerics.Tensors;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Shapley values and interactions of a fitted game. A Walsh function of odd order d gives each of its members 2/d (it rises by 2 from
/// nobody to everybody, and its members are alike); one of even order d gives each pair of its members 4/(d−1), the mean over
/// t ~ U(0, 1) of 4(2t−1)^(d−2); every other score is zero. A single pair of coalitions gives what the definitions' weights say.
/// </summary>
internal static class WalshScores
{
    /// <summary>Scores of the odd part and the standard deviation of what remains unknown of them: [players] each of every fit.</summary>
    /// <param name="fits">Fits of the odd part to the same coalitions under one prior.</param>
    /// <param name="signs">The coalitions they have seen: [pairs][players].</param>
    /// <param name="withUnexplained">Whether the unexplained part of every value seen counts as the game's own.</param>
    public static (double[] Scores, double[] Errors)[] Shapley(WalshFit[] fits, double[][] signs, bool withUnexplained)
    {
        var (first, players) = (fits[0], signs[0].Length);
        var prior = withUnexplained ? first.Prior : first.Prior with { Nugget = 0 };
        var covariances = Covariances(prior, signs);
        var variances = PriorVariances(prior);
        var found = fits.Select(_ => (Scores: new double[players], Errors: new double[players])).ToArray();
        for (var i = 0; i < players; i++)
        {
            for (var f = 0; f < fits.Length; f++)
            {
                found[f].Scores[i] = TensorPrimitives.Dot<double>(covariances[i], fits[f].Weights);
            }

            first.Factor.SolveLower(covariances[i]);
            var unknown = Math.Max(0, variances[i] - TensorPrimitives.SumOfSquares<double>(covariances[i]));
            for (var f = 0; f < fits.Length; f++)
            {
                found[f].Errors[i] = Math.Sqrt(fits[f].Calibration * unknown);
            }
        }

        return found;
    }

    /// <summary>What the prior takes every score to vary by: [players].</summary>
    public static double[] PriorVariances(WalshPrior prior)
    {
        var players = prior.Importance.Length;
        var kernel = prior.Kernel();
        var (parts, variances, everybody) = (new double[players], new double[players], new double[players]);
        everybody.AsSpan().Fill(1);
        foreach (var (order, energy) in prior.Orders.Zip(prior.Energies))
        {
            kernel.Parts(everybody, order, parts);
            TensorPrimitives.MultiplyAdd(parts, energy * 4 / (order * order), variances, variances);
        }

        TensorPrimitives.Add(variances, prior.Nugget * 4 / ((double)players * players) * InverseBinomials(players - 1).Sum(), variances);
        return variances;
    }

    /// <summary>Prior covariance of every score with the value of every pair: [players][pairs].</summary>
    public static double[][] Covariances(WalshPrior prior, double[][] signs)
    {
        var (pairs, players) = (signs.Length, signs[0].Length);
        var kernel = prior.Kernel();
        var inverseChoose = InverseBinomials(players - 1);
        var covariances = new double[players][];
        for (var i = 0; i < players; i++)
        {
            covariances[i] = new double[pairs];
        }

        var parts = new double[players];
        for (var pair = 0; pair < pairs; pair++)
        {
            for (var c = 0; c < prior.Orders.Length; c++)
            {
                kernel.Parts(signs[pair], prior.Orders[c], parts);
                for (var i = 0; i < players; i++)
                {
                    covariances[i][pair] += prior.Energies[c] * 2 / prior.Orders[c] * parts[i];
                }
            }

            var size = Size(signs[pair]);
            for (var i = 0; i < players; i++)
            {
                covariances[i][pair] += prior.Nugget * 2 / players * (signs[pair][i] > 0 ? inverseChoose[size - 1] : -inverseChoose[size]);
            }
        }

        return covariances;
    }

    /// <summary>Pairwise interactions of the even part: [players, players].</summary>
    public static double[,] Interactions(WalshFit fit, double[][] signs)
    {
        var players = signs[0].Length;
        var kernel = fit.Prior.Kernel();
        var interactions = new double[players, players];
        var inverseChoose = InverseBinomials(players - 2);
        for (var pair = 0; pair < signs.Length; pair++)
        {
            for (var c = 0; c < fit.Prior.Orders.Length; c++)
            {
                var order = fit.Prior.Orders[c];
                if (order >= 2)
                {
                    kernel.AddPairParts(signs[pair], order, fit.Weights[pair] * fit.Prior.Energies[c] * 4 / (order - 1), interactions);
                }
            }

            AddOwn(signs[pair], fit.Weights[pair] * fit.Prior.Nugget * 2 / (players - 1), inverseChoose, interactions);
        }

        return interactions;
    }

    private static void AddOwn(double[] signs, double factor, double[] inverseChoose, double[,] interactions)
    {
        var size = Size(signs);
        for (var i = 0; i < signs.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var weight = (signs[i] > 0, signs[j] > 0) switch
                {
                    (true, true) => inverseChoose[size - 2],
                    (false, false) => inverseChoose[size],
                    _ => -inverseChoose[size - 1],
                };
                interactions[i, j] += factor * weight;
                interactions[j, i] += factor * weight;
            }
        }
    }

    internal static int Size(double[] signs) => (int)Math.Round((TensorPrimitives.Sum<double>(signs) + signs.Length) / 2);

    // 1 / C(n, k) for k from 0 to n; underflows to zero where nothing is lost by it.
    internal static double[] InverseBinomials(int n)
    {
        var inverse = new double[n + 1];
        inverse[0] = 1;
        for (var k = 1; k <= n; k++)
        {
            inverse[k] = k <= n / 2 ? inverse[k - 1] * k / (n - k + 1) : inverse[n - k];
        }

        return inverse;
    }
}
