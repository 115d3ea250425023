using System.Numerics.Tensors;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// The classical regression: weighted least squares with one term a player, constrained to add up, whose solution over all
/// coalitions is the Shapley values (Charnes et al. 1988; Lundberg and Lee 2017). Used on what a richer model leaves over, when there
/// are more coalitions than that model can take in.
/// </summary>
internal static class LinearCorrection
{
    /// <summary>Whether there are more pairs than the dense model takes, and enough for one term a player.</summary>
    public static bool Applies(PairSample sample, int mostDense) => sample.Count > mostDense && sample.Players <= sample.Count / 4;

    /// <summary>Shapley values of the odd function with these values at the sample's pairs, with standard errors: [players] each.</summary>
    /// <param name="sample">The pairs, the full text first.</param>
    /// <param name="values">[pairs].</param>
    public static (double[] Scores, double[] Errors) Of(PairSample sample, double[] values)
    {
        var players = sample.Players;
        var (weights, left) = Weights(sample);
        var normal = new double[players * players];
        var right = new double[players];
        for (var pair = 1; pair < sample.Count; pair++)
        {
            var half = sample.Signs[pair];
            for (var i = 0; i < players; i++)
            {
                TensorPrimitives.MultiplyAdd(half.AsSpan(0, i + 1), weights[pair] * half[i] / 4, normal.AsSpan(i * players, i + 1), normal.AsSpan(i * players, i + 1));
            }

            TensorPrimitives.MultiplyAdd(half, weights[pair] * values[pair] / 2, right, right);
        }

        for (var i = 0; i < players; i++)
        {
            for (var j = 0; j < i; j++)
            {
                normal[(j * players) + i] = normal[(i * players) + j];
            }

            normal[(i * players) + i] *= 1 + 1e-9;
        }

        var factor = Cholesky.Of(normal, players);
        var free = factor.Solve(right);
        var ones = Enumerable.Repeat(1.0, players).ToArray();
        var pull = factor.Solve(ones);
        var multiplier = (TensorPrimitives.Sum<double>(free) - (2 * values[0])) / TensorPrimitives.Sum<double>(pull);
        var scores = free.Select((value, i) => value - (multiplier * pull[i])).ToArray();
        return (scores, Errors(sample, values, weights, left, factor, pull, scores));
    }

    // The sandwich estimator with the correction for drawing without replacement: what is used up adds no variance.
    private static double[] Errors(PairSample sample, double[] values, double[] weights, double[] left, Cholesky factor, double[] pull, double[] scores)
    {
        var players = sample.Players;
        var inverse = factor.Inverse();
        var total = TensorPrimitives.Sum<double>(pull);
        for (var i = 0; i < players; i++)
        {
            TensorPrimitives.MultiplyAdd(pull, -pull[i] / total, inverse.AsSpan(i * players, players), inverse.AsSpan(i * players, players));
        }

        var variances = new double[players];
        for (var pair = 1; pair < sample.Count; pair++)
        {
            var signs = sample.Signs[pair];
            var residual = values[pair] - (TensorPrimitives.Dot<double>(signs, scores) / 2);
            var size = weights[pair] * residual / 2;
            for (var i = 0; i < players; i++)
            {
                var influence = size * TensorPrimitives.Dot(inverse.AsSpan(i * players, players), signs);
                variances[i] += left[pair] * influence * influence;
            }
        }

        return [.. variances.Select(Math.Sqrt)];
    }

    // A size has the weight (m−1)/(s(m−s)), shared by its coalitions; here by those drawn of it. `left`: the share not drawn.
    private static (double[] Weights, double[] Left) Weights(PairSample sample)
    {
        var players = sample.Players;
        var drawn = sample.Sizes.CountBy(size => size).ToDictionary();
        var weights = new double[sample.Count];
        var left = new double[sample.Count];
        for (var pair = 1; pair < sample.Count; pair++)
        {
            var size = sample.Sizes[pair];
            var middle = 2 * size == players;
            weights[pair] = (players - 1.0) / ((double)size * (players - size)) / drawn[size] / (middle ? 2 : 1);
            var all = 1.0;
            for (var i = 0; i < size; i++)
            {
                all *= (double)(players - i) / (i + 1);
            }

            left[pair] = Math.Max(0, 1 - (drawn[size] / (middle ? all / 2 : all)));
        }

        return (weights, left);
    }
}
