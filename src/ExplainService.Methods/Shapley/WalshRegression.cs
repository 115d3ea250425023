using System.Numerics.Tensors;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Regression of half a game (its odd or its even part) on Walsh functions of low order, in the dual form, so that its cost depends on
/// the coalitions seen and not on the number of terms. How much each order and each player matters is learnt from the same values: variance
/// components by the MM iteration of Zhou et al. (2019), the players' importance by automatic relevance determination
/// (MacKay 1994). A prior is taken only if it predicts values left out better than a simpler one.
/// </summary>
internal sealed class WalshRegression
{
    /// <summary>Terms up to the fifth order: beyond, the unexplained part does as well.</summary>
    public const int HighestOrder = 5;

    // Components never fall below this share of the values' variance, which keeps the matrix well conditioned.
    private const double Floor = 1e-8;
    private const double StartDecay = 0.2;
    private const double StartNugget = 0.02;

    // Iterations of each fit: the components move by the square root of what is missing, so that a few go most of the way.
    private const int LinearSteps = 3;
    private const int EqualSteps = 4;
    private const int RelevanceSteps = 4;

    // Log evidence by which the richer of two priors must be ahead to be taken whole, "strong" to Kass and Raftery (1995). Up to it one
    // prior goes over into the other: a choice at a point would let the last bits of a model's answers move scores by a hundredth.
    private const double Margin = 3;

    // How far the players' importance is drawn back to equality: enough that a word overlooked once is found again.
    private const double Evenness = 0.3;

    private readonly double[][] signs;
    private readonly int pairs;
    private readonly int players;
    private readonly double[] equal;
    private readonly Dictionary<int, double[]> equalGrams = [];
    private readonly CancellationToken cancellationToken;
    private (WalshPrior Prior, Cholesky Factor, double[] Precisions)? conditioned;

    /// <param name="signs">[pairs][players].</param>
    /// <param name="cancellationToken">Asked between the steps of a fit.</param>
    public WalshRegression(double[][] signs, CancellationToken cancellationToken)
    {
        (this.signs, this.cancellationToken) = (signs, cancellationToken);
        (pairs, players) = (signs.Length, signs[0].Length);
        equal = [.. Enumerable.Repeat(1.0 / players, players)];
    }

    /// <summary>Orders of one parity that a game of so many players has, up to the highest modelled.</summary>
    public static int[] Orders(int players, int parity) =>
        [.. Enumerable.Range(0, Math.Min(HighestOrder, players) + 1).Where(order => order % 2 == parity)];

    /// <summary>
    /// Fits the odd part: linear terms alone, all orders with equal players, all orders with players weighed; the richer where it
    /// predicts clearly better.
    /// </summary>
    /// <param name="values">g [pairs].</param>
    public WalshFit FitOdd(ReadOnlySpan<double> values)
    {
        var orders = Orders(players, 1);
        var linear = Improve(Start(orders[..1]), values, LinearSteps, relevance: false);
        if (orders.Length == 1)
        {
            return linear;
        }

        var equally = Improve(Start(orders), values, EqualSteps, relevance: false);
        var weighed = Improve(equally.Prior, values, RelevanceSteps, relevance: true);

        // The importances have seen the values left out: a price a player, like Akaike's, higher where there are few values a player.
        var price = 0.25 * (1 + Math.Min(1, (double)players / pairs));
        var best = Between(equally, weighed, weighed.Evidence - (price * players) - equally.Evidence, values);
        return Between(linear, best, best.Evidence - linear.Evidence, values);
    }

    // From the simpler fit at an advantage of nothing to the richer one at the margin.
    private WalshFit Between(WalshFit simple, WalshFit rich, double advantage, ReadOnlySpan<double> values)
    {
        var share = advantage / Margin;
        return !(share > 0) ? simple
            : share >= 1 ? rich
            : Improve(WalshPrior.Between(simple.Prior, rich.Prior, share), values, 0, relevance: false);
    }

    /// <summary>Fits the even part, the players weighed as the odd part found them.</summary>
    /// <param name="values">h [pairs].</param>
    /// <param name="importance">w [players].</param>
    public WalshFit FitEven(ReadOnlySpan<double> values, double[] importance) =>
        Improve(Start(Orders(players, 0)) with { Importance = importance }, values, EqualSteps, relevance: false);

    /// <summary>Conditions on the values under a prior already found; outputs that share one share its factor.</summary>
    public WalshFit Condition(WalshPrior prior, ReadOnlySpan<double> values)
    {
        if (!ReferenceEquals(conditioned?.Prior, prior))
        {
            cancellationToken.ThrowIfCancellationRequested();
            conditioned = null;
            var covariance = prior.Kernel().Covariance(signs, prior.Orders, prior.Energies);
            AddToDiagonal(covariance, prior.Nugget);
            var factor = Cholesky.Overwriting(covariance, pairs);
            cancellationToken.ThrowIfCancellationRequested();
            conditioned = (prior, factor, factor.InverseDiagonal());
        }

        var (scaled, scale) = Scaled(values);
        var (_, known, precisions) = conditioned!.Value;
        return Fit(prior, known, known.Solve(scaled), precisions, scale);
    }

    private WalshPrior Start(int[] orders) =>
        new(equal, orders, [.. orders.Select((_, index) => Math.Pow(StartDecay, index))], StartNugget);

    private WalshFit Improve(WalshPrior prior, ReadOnlySpan<double> values, int steps, bool relevance)
    {
        var (scaled, scale) = Scaled(values);
        var grams = Grams(prior);
        for (var step = 0; ; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var factor = Cholesky.Overwriting(Covariance(prior, grams), pairs);
            var weights = factor.Solve(scaled);
            if (step == steps)
            {
                return Fit(prior, factor, weights, factor.InverseDiagonal(), scale);
            }

            var inverse = factor.Inverse();
            prior = Reestimate(prior, grams, weights, inverse);
            if (relevance)
            {
                prior = prior with { Importance = Relevance(prior.Importance, weights, inverse) };
                grams = Grams(prior);
            }
        }
    }

    private (double[] Values, double Scale) Scaled(ReadOnlySpan<double> values)
    {
        var scale = Math.Max(TensorPrimitives.Norm(values) / Math.Sqrt(pairs), 1e-150);
        var scaled = new double[pairs];
        TensorPrimitives.Divide(values, scale, scaled);
        return (scaled, scale);
    }

    private WalshFit Fit(WalshPrior prior, Cholesky factor, double[] weights, double[] precisions, double scale)
    {
        var (calibration, evidence) = LeaveOneOut(weights, precisions);
        TensorPrimitives.Multiply(weights, scale, weights);
        return new WalshFit(prior, factor, weights, calibration * scale * scale, evidence);
    }

    private double[][] Grams(WalshPrior prior)
    {
        if (!ReferenceEquals(prior.Importance, equal))
        {
            return prior.Kernel().Gram(signs, prior.Orders);
        }

        if (prior.Orders.Any(order => !equalGrams.ContainsKey(order)))
        {
            var parity = Orders(players, prior.HighestOrder % 2);
            foreach (var (order, gram) in parity.Zip(new WalshKernel(equal, parity[^1]).Gram(signs, parity)))
            {
                equalGrams[order] = gram;
            }
        }

        return [.. prior.Orders.Select(order => equalGrams[order])];
    }

    private double[] Covariance(WalshPrior prior, double[][] grams)
    {
        var covariance = new double[pairs * pairs];
        for (var c = 0; c < grams.Length; c++)
        {
            TensorPrimitives.MultiplyAdd(grams[c], prior.Energies[c], covariance, covariance);
        }

        AddToDiagonal(covariance, prior.Nugget);
        return covariance;
    }

    private void AddToDiagonal(double[] matrix, double value)
    {
        for (var i = 0; i < pairs; i++)
        {
            matrix[(i * pairs) + i] += value;
        }
    }

    // θ ← θ·√(yᵀK⁻¹ K_θ K⁻¹y / tr(K⁻¹K_θ)) never lowers the likelihood (Zhou et al. 2019).
    private WalshPrior Reestimate(WalshPrior prior, double[][] grams, double[] weights, double[] inverse)
    {
        var energies = new double[grams.Length];
        for (var c = 0; c < grams.Length; c++)
        {
            var ratio = Quadratic(grams[c], weights) / TensorPrimitives.Dot<double>(inverse, grams[c]);
            energies[c] = Math.Max(Floor, prior.Energies[c] * Math.Sqrt(Math.Max(0, ratio)));
        }

        var trace = 0.0;
        for (var i = 0; i < pairs; i++)
        {
            trace += inverse[(i * pairs) + i];
        }

        var nugget = Math.Max(Floor, prior.Nugget * Math.Sqrt(TensorPrimitives.SumOfSquares<double>(weights) / trace));
        return prior with { Energies = energies, Nugget = nugget };
    }

    // The same step for each player's linear term, drawn some way back to equality.
    private double[] Relevance(double[] importance, double[] weights, double[] inverse)
    {
        var next = new double[players];
        var column = new double[pairs];
        for (var i = 0; i < players; i++)
        {
            for (var pair = 0; pair < pairs; pair++)
            {
                column[pair] = signs[pair][i];
            }

            var projection = TensorPrimitives.Dot<double>(column, weights);
            next[i] = importance[i] * Math.Abs(projection) / Math.Sqrt(Quadratic(inverse, column));
        }

        var sum = TensorPrimitives.Sum<double>(next);
        if (!(sum > 0))
        {
            return importance;
        }

        for (var i = 0; i < players; i++)
        {
            next[i] = ((1 - Evenness) * next[i] / sum) + (Evenness / players);
        }

        return next;
    }

    // The error at a value left out is (K⁻¹y)_i / (K⁻¹)_ii and its variance 1 / (K⁻¹)_ii (Rasmussen and Williams 2006, 5.12).
    private (double Calibration, double Evidence) LeaveOneOut(double[] weights, double[] precisions)
    {
        var calibration = 0.0;
        for (var i = 0; i < pairs; i++)
        {
            calibration += weights[i] * weights[i] / precisions[i] / pairs;
        }

        calibration = Math.Max(calibration, 1e-30);
        var evidence = 0.0;
        for (var i = 0; i < pairs; i++)
        {
            var precision = precisions[i] / calibration;
            var error = weights[i] / precisions[i];
            evidence += 0.5 * (Math.Log(precision) - (error * error * precision));
        }

        return (calibration, evidence);
    }

    private static double Quadratic(double[] matrix, double[] x)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * TensorPrimitives.Dot(matrix.AsSpan(i * x.Length, x.Length), x);
        }

        return sum;
    }
}
