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
        var constant = step.Tape.Graph.Weights.TryGetValue(step.Node.Inputs[1], out var weight) && weight.Count == 1 ? weight.ToFloats()[0] : (float?)null;
        step.GiveSummed(0, () => constant switch
        {
            1 => step.G,
            2 => step.G * step.In(0) * 2,
            _ => step.G * exponent * step.Tape.Emit("Pow", step.In(0), exponent - 1),
        });
        step.GiveSummed(1, () => step.G * step.Y * step.In(0).Log());
    }

    /// <summary>Minimum or maximum: the gradient goes to the operand that was taken; the first of equals.</summary>
    public static void Extreme(GradientStep step, string wins)
    {
        if (step.Node.Inputs.Count == 1)
        {
            step.Give(0, () => step.G);
            return;
        }

        if (step.Node.Inputs.Count > 2) throw new UnsupportedGradientException(step.Node, "of more than two operands has no gradient rule");
        var first = step.Tape.Emit(wins, step.In(0), step.In(1)).Cast(step.G.Type);
        step.GiveSummed(0, () => step.G * first);
        step.GiveSummed(1, () => step.G * (1 - first));
    }

    public static void Sum(GradientStep step)
    {
        for (var i = 0; i < step.Node.Inputs.Count; i++) step.GiveSummed(i, () => step.G);
    }

    public static void Where(GradientStep step)
    {
        var zero = step.Tape.Scalar(0, step.G.Type);
        step.GiveSummed(1, () => step.In(0).Where(step.G, zero));
        step.GiveSummed(2, () => step.In(0).Where(zero, step.G));
    }
}
