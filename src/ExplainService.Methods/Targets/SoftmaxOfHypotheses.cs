using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// Zero-shot classification: a label is as probable as the softmax over all labels makes the logit that the text entails its hypothesis. A
/// single label has no others to be compared with; it is weighed against contradiction, which is its part's second score.
/// </summary>
/// <param name="objective">Probability, its logarithm, or the label's own logit.</param>
/// <param name="labels">The label of every output.</param>
/// <param name="single">There is one label.</param>
/// <param name="against">
/// The label that f is the difference to: of logits and of log-probabilities alike, as both are of one softmax; null: f is no difference.
/// </param>
public sealed class SoftmaxOfHypotheses(Objective objective, IReadOnlyList<int> labels, bool single, int? against = null) : ScoreCombination
{
    /// <summary>The probability of every label.</summary>
    /// <param name="parts">[label][entailment, and contradiction where there is one label].</param>
    public static double[] Probabilities(IReadOnlyList<double[]> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        double[] logits = parts.Count == 1 ? parts[0] : [.. parts.Select(part => part[0])];
        var largest = logits.Max();
        double[] weights = [.. logits.Select(logit => Math.Exp(logit - largest))];
        var sum = weights.Sum();
        return [.. weights.Take(parts.Count).Select(weight => Finite.Score(weight / sum))];
    }

    /// <inheritdoc/>
    public override double[] Of(IReadOnlyList<double[]> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var probabilities = Probabilities(parts);
        return [.. labels.Select(label => Value(probabilities, parts, label))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Reads(int output) => single ? [0, 1] : [0];

    /// <inheritdoc/>
    public override (double Value, double[][] Slopes) At(int output, IReadOnlyList<double[]> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var probabilities = Probabilities(parts);
        var label = labels[output];
        var own = probabilities[label];
        if (against is { } foil)
        {
            return (
                Value(probabilities, parts, label),
                [.. parts.Select((_, part) => new double[] { (part == label ? 1 : 0) - (part == foil ? 1 : 0) })]
            );
        }

        var scale = objective == Objective.Probability ? own : 1;
        double[][] slopes =
            objective == Objective.Logit ? [.. parts.Select((part, other) => Alone(part.Length, other == label ? 1 : 0))]
            : parts.Count == 1
                ?
                [
                    [scale * (1 - own), -scale * (1 - own)],
                ]
            : [.. parts.Select((_, other) => new[] { scale * ((other == label ? 1 : 0) - probabilities[other]) })];
        return (Value(probabilities, parts, label), slopes);

        static double[] Alone(int length, double slope)
        {
            var own = new double[length];
            own[0] = slope;
            return own;
        }
    }

    private double Value(double[] probabilities, IReadOnlyList<double[]> parts, int label) =>
        objective switch
        {
            _ when against is { } foil => parts[label][0] - parts[foil][0],
            Objective.Logit => parts[label][0],
            Objective.LogProbability => Finite.Score(Math.Log(probabilities[label])),
            _ => probabilities[label],
        };
}
