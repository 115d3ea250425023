using System.Numerics.Tensors;

namespace ExplainService.Methods.Saliency;

/// <summary>From [sequence × embedding] arrays to one number a token.</summary>
internal static class GradientMath
{
    /// <summary>‖g_i‖ of every token.</summary>
    public static double[] Norms(float[] gradient, int tokens, GradientNorm norm) =>
        PerToken(
            tokens,
            gradient.Length,
            span =>
            {
                var g = gradient.AsSpan(span);
                return norm switch
                {
                    GradientNorm.L1 => TensorPrimitives.SumOfMagnitudes<float>(g),
                    GradientNorm.MeanAbs => TensorPrimitives.SumOfMagnitudes<float>(g) / g.Length,
                    _ => Math.Sqrt(TensorPrimitives.SumOfSquares<float>(g)),
                };
            }
        );

    /// <summary>Σ_d a_id · g_id of every token.</summary>
    public static double[] Dots(float[] values, float[] gradient, int tokens) =>
        PerToken(tokens, gradient.Length, span => TensorPrimitives.Dot<float>(values.AsSpan(span), gradient.AsSpan(span)));

    /// <summary>sum ← sum + weight · values.</summary>
    public static void Accumulate(double[] sum, ReadOnlySpan<float> values, double weight)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += weight * values[i];
        }
    }

    /// <summary>Σ_d (e_id − b_id) · G_id of every token, in double precision.</summary>
    public static double[] Attributions(float[] input, float[] baseline, double[] meanGradient, int tokens) =>
        PerToken(
            tokens,
            input.Length,
            span =>
            {
                var (start, length) = span.GetOffsetAndLength(input.Length);
                var sum = 0.0;
                for (var i = start; i < start + length; i++)
                {
                    sum += (input[i] - (double)baseline[i]) * meanGradient[i];
                }

                return sum;
            }
        );

    /// <summary>Σ_d e_id · G_id of every token, in double precision.</summary>
    public static double[] Attributions(float[] input, double[] meanGradient, int tokens) =>
        Attributions(input, new float[input.Length], meanGradient, tokens);

    private static double[] PerToken(int tokens, int length, Func<Range, double> score)
    {
        var scores = new double[tokens];
        var size = tokens == 0 ? 0 : length / tokens;
        for (var token = 0; token < tokens; token++)
        {
            scores[token] = score((token * size)..((token + 1) * size));
        }

        return scores;
    }
}
