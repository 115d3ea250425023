namespace ExplainService.Graph.Gradients;

/// <summary>Activation functions.</summary>
internal static class ActivationRules
{
    /// <summary>d erf(x) = 2/√π · exp(−x²).</summary>
    public static void Erf(GradientStep step) =>
        step.Give(0, () => step.G * ((-(step.In(0) * step.In(0))).Exp() * (2 / Math.Sqrt(Math.PI))));

    public static void LeakyRelu(GradientStep step) => step.Give(0, () =>
    {
        var positive = Positive(step.In(0));
        return step.G * positive + step.G * (1 - positive) * step.Node.Float("alpha", 0.01f);
    });

    /// <summary>α(eˣ − 1) for x &lt; 0, whose derivative is y + α.</summary>
    public static void Elu(GradientStep step) => step.Give(0, () =>
    {
        var positive = Positive(step.In(0));
        return step.G * (positive + (1 - positive) * (step.Y + step.Node.Float("alpha", 1)));
    });

    public static void HardSigmoid(GradientStep step) => step.Give(0, () =>
    {
        var zero = step.Tape.Scalar(0, step.Y.Type);
        var one = step.Tape.Scalar(1, step.Y.Type);
        var inside = step.Tape.Emit("And", step.Tape.Emit("Greater", step.Y, zero), step.Tape.Emit("Less", step.Y, one)).Cast(step.G.Type);
        return step.G * inside * step.Node.Float("alpha", 0.2f);
    });

    /// <summary>x Φ(x), or its approximation by tanh (Hendrycks and Gimpel 2016).</summary>
    public static void Gelu(GradientStep step, bool tanh) => step.Give(0, () =>
    {
        var x = step.In(0);
        if (!tanh)
        {
            var cumulative = ((x * Math.Sqrt(0.5)).Erf() + 1) * 0.5;
            var density = (x * x * -0.5).Exp() * (1 / Math.Sqrt(2 * Math.PI));
            return step.G * (cumulative + x * density);
        }

        var scale = Math.Sqrt(2 / Math.PI);
        var square = x * x;
        var t = (x * (square * 0.044715 + 1) * scale).Tanh();
        var inner = (square * (3 * 0.044715) + 1) * scale;
        return step.G * ((t + 1) * 0.5 + x * 0.5 * (1 - t * t) * inner);
    });

    /// <summary>The gradient passes where the value was not cut.</summary>
    public static void Clip(GradientStep step) => step.Give(0, () => step.G * step.Y.EqualTo(step.In(0)).Cast(step.G.Type));

    private static Value Positive(Value x) => x.Tape.Emit("Greater", x, x.Tape.Scalar(0, x.Type)).Cast(x.Type);
}
