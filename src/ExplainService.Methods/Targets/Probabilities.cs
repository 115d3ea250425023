using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>From logits to probabilities, in double precision and without overflow.</summary>
public static class Probabilities
{
    /// <summary>The probability of every column of one line of logits; the logits themselves for <see cref="Link.Identity"/>.</summary>
    /// <exception cref="Contracts.NotFiniteException">One is NaN.</exception>
    public static double[] Of(ReadOnlySpan<float> logits, Link link)
    {
        var probabilities = new double[logits.Length];
        var logSum = link == Link.Softmax ? LogSumExp(logits) : 0;
        for (var column = 0; column < logits.Length; column++)
        {
            probabilities[column] = Finite.Score(
                link switch
                {
                    Link.Softmax => Math.Exp(logits[column] - logSum),
                    Link.Sigmoid => Math.Exp(LogSigmoid(logits[column])),
                    _ => logits[column],
                }
            );
        }

        return probabilities;
    }

    /// <summary>The log-probability of one column.</summary>
    public static double LogOf(ReadOnlySpan<float> logits, int column, Link link) =>
        link switch
        {
            Link.Softmax => logits[column] - LogSumExp(logits),
            Link.Sigmoid => LogSigmoid(logits[column]),
            _ => throw new InvalidOperationException("A regression head has no probabilities."),
        };

    /// <summary>log Σ exp of a line of logits.</summary>
    /// <exception cref="Contracts.NotFiniteException">A logit is NaN or +∞, or all are −∞.</exception>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var largest = double.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return Finite.Score(largest + Math.Log(sum));
    }

    private static double LogSigmoid(double logit) => logit >= 0 ? -Math.Log(1 + Math.Exp(-logit)) : logit - Math.Log(1 + Math.Exp(logit));
}
