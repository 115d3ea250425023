using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>Activation functions.</summary>
internal static class ActivationRules
{
    /// <summary>d erf(x) = 2/√π · exp(−x²).</summary>
    public static void Erf(GradientStep step) =>
        step.Give(0, () => step.G * ((-(step.In(0) * step.In(0))).Exp() * (2 / Math.Sqrt(Math.PI))));

    public static void LeakyRelu(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var positive = Positive(step.In(0));
                return step.G * (positive + (1 - positive) * step.Node.Float("alpha", 0.01f));
            }
        );

    /// <summary>The slope of each element is an input; it may be broadcast.</summary>
    public static void PRelu(GradientStep step)
    {
        var positive = Positive(step.In(0));
        step.Give(0, () => step.G * (positive + (1 - positive) * step.In(1)));
        step.GiveSummed(1, () => step.G * step.In(0) * (1 - positive));
    }

    public static void ThresholdedRelu(GradientStep step) =>
        step.Give(0, () => step.G * Positive(step.In(0) - step.Node.Float("alpha", 1)));

    /// <summary>α(eˣ − 1) for x &lt; 0, whose derivative is y + α.</summary>
    public static void Elu(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var positive = Positive(step.In(0));
                return step.G * (positive + (1 - positive) * (step.Y + step.Node.Float("alpha", 1)));
            }
        );

    /// <summary>γx, and γα(eˣ − 1) for x &lt; 0 (Klambauer et al. 2017).</summary>
    public static void Selu(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var (alpha, gamma) = (step.Node.Float("alpha", 1.6732632f), step.Node.Float("gamma", 1.050701f));
                var positive = Positive(step.In(0));
                return step.G * (positive * gamma + (1 - positive) * (step.Y + alpha * gamma));
            }
        );

    /// <summary>α(exp(x/α) − 1) for x &lt; 0, whose derivative is y/α + 1.</summary>
    public static void Celu(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var positive = Positive(step.In(0));
                return step.G * (positive + (1 - positive) * (step.Y / step.Node.Float("alpha", 1) + 1));
            }
        );

    public static void HardSigmoid(GradientStep step) => step.Give(0, () => step.G * Between(step.Y) * step.Node.Float("alpha", 0.2f));

    /// <summary>x · h(x) with h(x) = clip(x/6 + ½, 0, 1).</summary>
    public static void HardSwish(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var x = step.In(0);
                var gate = step.Tape.Emit("HardSigmoid", [x], ("alpha", 1f / 6), ("beta", 0.5f));
                return step.G * (gate + x * Between(gate) / 6);
            }
        );

    /// <summary>x σ(αx), also called SiLU.</summary>
    public static void Swish(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var scaled = step.In(0) * step.Node.Float("alpha", 1);
                var gate = scaled.Sigmoid();
                return step.G * gate * (scaled * (1 - gate) + 1);
            }
        );

    /// <summary>x tanh(softplus x) (Misra 2019).</summary>
    public static void Mish(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var x = step.In(0);
                var t = step.Tape.Emit("Softplus", x).Tanh();
                return step.G * (t + x * (1 - t * t) * x.Sigmoid());
            }
        );

    /// <summary>x / (1 + |x|).</summary>
    public static void Softsign(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var below = step.Tape.Emit("Abs", step.In(0)) + 1;
                return step.G / (below * below);
            }
        );

    /// <summary>x Φ(x), or its approximation by tanh (Hendrycks and Gimpel 2016).</summary>
    public static void Gelu(GradientStep step, bool tanh) =>
        step.Give(
            0,
            () =>
            {
                var x = step.In(0);
                if (!tanh)
                {
                    // Φ(x) + x φ(x) with u = x/√2, which both share: every operator here is a pass over the widest tensor of the model.
                    var u = x * Math.Sqrt(0.5);
                    var density = u * (-(u * u)).Exp() * (2 / Math.Sqrt(Math.PI));
                    return step.G * ((u.Erf() + density + 1) * 0.5);
                }

                var scale = Math.Sqrt(2 / Math.PI);
                var square = x * x;
                var t = (x * (square * 0.044715 + 1) * scale).Tanh();
                var inner = (square * (3 * 0.044715) + 1) * scale;
                return step.G * ((t + 1) * 0.5 + x * 0.5 * (1 - t * t) * inner);
            }
        );

    /// <summary>The gradient passes where the value was not cut.</summary>
    public static void Clip(GradientStep step) => step.Give(0, () => step.G * step.Y.EqualTo(step.In(0)).Cast(step.G.Type));

    private static Value Positive(Value x) => x.Tape.Emit("Greater", x, x.Tape.Scalar(0, x.Type)).Cast(x.Type);

    /// <summary>1 where a gate is neither shut (0) nor open (1).</summary>
    private static Value Between(Value gate)
    {
        var tape = gate.Tape;
        var above = tape.Emit("Greater", gate, tape.Scalar(0, gate.Type));
        return tape.Emit("And", above, tape.Emit("Less", gate, tape.Scalar(1, gate.Type))).Cast(gate.Type);
    }
}
