namespace ExplainService.Jobs.Surrogates;

/// <summary>
/// Softmax regression with an L1 penalty on the weights, taught the model's probabilities, by accelerated proximal gradients (Beck and
/// Teboulle 2009). The loss is convex and the start is zero: the same rows give the same weights.
/// </summary>
internal sealed class LogisticSurrogate
{
    private const double Penalty = 5e-5;
    private const int Steps = 400;

    /// <summary>An upper bound of the loss's curvature: rows have length 1, and the intercept adds as much.</summary>
    private const double Curvature = 1;

    private readonly int labels;
    private readonly double[] weights;
    private readonly double[] intercepts;

    /// <summary>Teaches it.</summary>
    /// <param name="rows">The texts.</param>
    /// <param name="targets">The model's probabilities of each label.</param>
    /// <param name="shares">What each weighs in the loss; together 1.</param>
    /// <param name="features">How many features there are.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    public LogisticSurrogate(
        IReadOnlyList<(int[] Features, double[] Weights)> rows,
        IReadOnlyList<double[]> targets,
        IReadOnlyList<double> shares,
        int features,
        CancellationToken cancellationToken
    )
    {
        labels = targets[0].Length;
        weights = new double[features * labels];
        intercepts = new double[labels];
        var (ahead, aheadIntercepts) = ((double[])weights.Clone(), (double[])intercepts.Clone());
        var (gradient, interceptGradient) = (new double[weights.Length], new double[labels]);
        var momentum = 1.0;
        for (var step = 0; step < Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Array.Clear(gradient);
            Array.Clear(interceptGradient);
            for (var row = 0; row < rows.Count; row++)
            {
                var chances = Chances(rows[row], ahead, aheadIntercepts);
                for (var label = 0; label < labels; label++)
                {
                    var error = (chances[label] - targets[row][label]) * shares[row];
                    interceptGradient[label] += error;
                    for (var at = 0; at < rows[row].Features.Length; at++)
                    {
                        gradient[(rows[row].Features[at] * labels) + label] += error * rows[row].Weights[at];
                    }
                }
            }

            var next = (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            var carried = (momentum - 1) / next;
            momentum = next;
            for (var at = 0; at < weights.Length; at++)
            {
                var moved = Shrunk(ahead[at] - (gradient[at] / Curvature));
                ahead[at] = moved + (carried * (moved - weights[at]));
                weights[at] = moved;
            }

            for (var label = 0; label < labels; label++)
            {
                var moved = aheadIntercepts[label] - (interceptGradient[label] / Curvature);
                aheadIntercepts[label] = moved + (carried * (moved - intercepts[label]));
                intercepts[label] = moved;
            }
        }
    }

    /// <summary>Of a label.</summary>
    public double Intercept(int label) => intercepts[label];

    /// <summary>Of a feature for a label.</summary>
    public double Weight(int feature, int label) => weights[(feature * labels) + label];

    /// <summary>Probabilities of the labels.</summary>
    public double[] Predict((int[] Features, double[] Weights) row) => Chances(row, weights, intercepts);

    private double[] Chances((int[] Features, double[] Weights) row, double[] by, double[] from)
    {
        var scores = (double[])from.Clone();
        for (var at = 0; at < row.Features.Length; at++)
        {
            for (var label = 0; label < labels; label++)
            {
                scores[label] += row.Weights[at] * by[(row.Features[at] * labels) + label];
            }
        }

        var highest = scores.Max();
        var sum = 0.0;
        for (var label = 0; label < labels; label++)
        {
            scores[label] = Math.Exp(scores[label] - highest);
            sum += scores[label];
        }

        for (var label = 0; label < labels; label++)
        {
            scores[label] /= sum;
        }

        return scores;
    }

    private static double Shrunk(double weight) => Math.Sign(weight) * Math.Max(0, Math.Abs(weight) - (Penalty / Curvature));
}
