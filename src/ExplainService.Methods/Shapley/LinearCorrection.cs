using System.Numerics.Tensors;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// The classical regression: weighted least squares with one term a player, constrained to add up, whose solution over all
/// coalitions is the Shapley values (Charnes et al. 1988; Lundberg and Lee 2017). Used on what a richer model leaves over, when there
/// are more coalitions than that model can take in.
/// </summary>
internal sealed class LinearCorrection
{
    private readonly PairSample sample;
    private readonly int players;

    // By size. A size has the weight (m−1)/(s(m−s)), shared by its coalitions; here by those drawn of it. `left`: the share not drawn.
    private readonly double[] weights;
    private readonly double[] left;

    private readonly Cholesky factor;
    private readonly double[] pull;
    private readonly double[] influences;

    /// <summary>Prepares what is the same for every output.</summary>
    public LinearCorrection(PairSample sample)
    {
        this.sample = sample;
        players = sample.Players;
        (weights, left) = Weights(sample);
        factor = Cholesky.Of(Normal(), players);
        pull = factor.Solve(Enumerable.Repeat(1.0, players).ToArray());
        influences = factor.Inverse();
        var total = TensorPrimitives.Sum<double>(pull);
        for (var i = 0; i < players; i++)
        {
            TensorPrimitives.MultiplyAdd(
                pull,
                -pull[i] / total,
                influences.AsSpan(i * players, players),
                influences.AsSpan(i * players, players)
            );
        }
    }

    /// <summary>Whether there are more pairs than the dense model takes, and enough for one term a player.</summary>
    public static bool Applies(PairSample sample, int mostDense) => sample.Count > mostDense && sample.Players <= sample.Count / 4;

    /// <summary>Shapley values of the odd function with these values at the sample's pairs, with standard errors: [players] each.</summary>
    /// <param name="values">[pairs], the full text's first.</param>
    public (double[] Scores, double[] Errors) Of(ReadOnlySpan<double> values)
    {
        var (signs, right) = (new double[players], new double[players]);
        for (var pair = 1; pair < sample.Count; pair++)
        {
            sample.Coalitions.CopySignsTo(pair, signs);
            TensorPrimitives.MultiplyAdd(signs, weights[sample.Coalitions.Size(pair)] * values[pair] / 2, right, right);
        }

        var free = factor.Solve(right);
        var multiplier = (TensorPrimitives.Sum<double>(free) - (2 * values[0])) / TensorPrimitives.Sum<double>(pull);
        var scores = free.Select((value, i) => value - (multiplier * pull[i])).ToArray();
        return (scores, Errors(values, scores));
    }

    private double[] Normal()
    {
        var normal = new double[players * players];
        var signs = new double[players];
        for (var pair = 1; pair < sample.Count; pair++)
        {
            sample.Coalitions.CopySignsTo(pair, signs);
            var weight = weights[sample.Coalitions.Size(pair)];
            for (var i = 0; i < players; i++)
            {
                var row = normal.AsSpan(i * players, i + 1);
                TensorPrimitives.MultiplyAdd(signs.AsSpan(0, i + 1), weight * signs[i] / 4, row, row);
            }
        }

        for (var i = 0; i < players; i++)
        {
            for (var j = 0; j < i; j++)
            {
                normal[(j * players) + i] = normal[(i * players) + j];
            }

            normal[(i * players) + i] *= 1 + 1e-9;
        }

        return normal;
    }

    // The sandwich estimator with the correction for drawing without replacement: what is used up adds no variance.
    private double[] Errors(ReadOnlySpan<double> values, double[] scores)
    {
        var (signs, variances) = (new double[players], new double[players]);
        for (var pair = 1; pair < sample.Count; pair++)
        {
            sample.Coalitions.CopySignsTo(pair, signs);
            var members = sample.Coalitions.Size(pair);
            var residual = values[pair] - (TensorPrimitives.Dot<double>(signs, scores) / 2);
            var size = weights[members] * residual / 2;
            for (var i = 0; i < players; i++)
            {
                var influence = size * TensorPrimitives.Dot(influences.AsSpan(i * players, players), signs);
                variances[i] += left[members] * influence * influence;
            }
        }

        return [.. variances.Select(Math.Sqrt)];
    }

    private static (double[] Weights, double[] Left) Weights(PairSample sample)
    {
        var players = sample.Players;
        var drawn = new long[players + 1];
        for (var pair = 1; pair < sample.Count; pair++)
        {
            drawn[sample.Coalitions.Size(pair)]++;
        }

        var (weights, left) = (new double[players + 1], new double[players + 1]);
        var all = 1.0;
        for (var size = 1; size < players; size++)
        {
            all *= (double)(players - size + 1) / size;
            if (drawn[size] > 0)
            {
                var middle = 2 * size == players;
                weights[size] = (players - 1.0) / ((double)size * (players - size)) / drawn[size] / (middle ? 2 : 1);
                left[size] = Math.Max(0, 1 - (drawn[size] / (middle ? all / 2 : all)));
            }
        }

        return (weights, left);
    }
}
