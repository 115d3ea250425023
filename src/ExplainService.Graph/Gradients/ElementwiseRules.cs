using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>Arithmetic with broadcasting.</summary>
internal static class ElementwiseRules
{
    public static void Add(GradientStep step)
    {
        step.GiveSummed(0, () => step.G);
        step.GiveSummed(1, () => step.G);
    }

    public static void Sub(GradientStep step)
    {
        step.GiveSummed(0, () => step.G);
        step.GiveSummed(1, () => -step.G);
    }

    public static void Mul(GradientStep step)
    {
        if (step.Node.Inputs[0] == step.Node.Inputs[1])
        {
            step.Give(0, () => step.G * step.In(0) * 2);
            return;
        }

        step.GiveSummed(0, () => step.G * step.In(1));
        step.GiveSummed(1, () => step.G * step.In(0));
    }

    public static void Div(GradientStep step)
    {
        step.GiveSummed(0, () => step.G / step.In(1));
        step.GiveSummed(1, () => -(step.G * step.Y / step.In(1)));
    }

    /// <summary>d x^p = p x^(p−1): the exponents that exporters write (2, 3, ½) without logarithms.</summary>
    public static void Pow(GradientStep step)
    {
        var exponent = step.In(1).Cast(step.In(0).Type);
        var constant =
            step.Tape.Graph.Weights.TryGetValue(step.Node.Inputs[1], out var weight) && weight.Count == 1
                ? weight.ToFloats()[0]
                : (float?)null;
        step.GiveSummed(
            0,
            () =>
                constant switch
                {
                    1 => step.G,
                    2 => step.G * step.In(0) * 2,
                    _ => step.G * Slope(),
                }
        );
        // x^0 is 1 at 0 too, where x^(0−1) is infinite.
        Value Slope()
        {
            var slope = exponent * step.Tape.Emit("Pow", step.In(0), exponent - 1);
            if (constant is not (null or 0))
            {
                return slope;
            }

            var zero = step.Tape.Scalar(0, exponent.Type);
            return exponent.EqualTo(zero).Where(zero, slope);
        }

        // 0^p does not change with p; its logarithm would make it not a number.
        step.GiveSummed(
            1,
            () =>
            {
                var zero = step.Tape.Scalar(0, step.In(0).Type);
                return step.G * step.In(0).EqualTo(zero).Where(zero, step.Y * step.In(0).Log());
            }
        );
    }

    /// <summary>Minimum or maximum: the gradient goes to the operands that are the extreme, in equal parts (as PyTorch has it).</summary>
    public static void Extreme(GradientStep step)
    {
        var count = step.Node.Inputs.Count;
        if (count == 1)
        {
            step.Give(0, () => step.G);
            return;
        }

        Value[] hits = [.. Enumerable.Range(0, count).Select(i => step.In(i).EqualTo(step.Y).Cast(step.G.Type))];
        var share = step.G / hits.Aggregate((sum, hit) => sum + hit);
        for (var i = 0; i < count; i++)
        {
            var hit = hits[i];
            step.GiveSummed(i, () => share * hit);
        }
    }

    /// <summary>a − b·⌊a/b⌋, or towards zero with <c>fmod</c>: 1 and minus the whole quotient.</summary>
    public static void Mod(GradientStep step)
    {
        step.GiveSummed(0, () => step.G);
        step.GiveSummed(1, () => step.G * ((step.Y - step.In(0)) / step.In(1)));
    }

    public static void Mean(GradientStep step)
    {
        var count = step.Node.Inputs.Count;
        for (var i = 0; i < count; i++)
        {
            step.GiveSummed(i, () => step.G / count);
        }
    }

    public static void Sum(GradientStep step)
    {
        for (var i = 0; i < step.Node.Inputs.Count; i++)
        {
            step.GiveSummed(i, () => step.G);
        }
    }

    public static void Where(GradientStep step)
    {
        var zero = step.Tape.Scalar(0, step.G.Type);
        step.GiveSummed(1, () => step.In(0).Where(step.G, zero));
        step.GiveSummed(2, () => step.In(0).Where(zero, step.G));
    }
}
