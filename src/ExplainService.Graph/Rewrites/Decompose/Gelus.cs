using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>com.microsoft.BiasGelu: gelu(x + bias), by the error function.</summary>
internal sealed class BiasGeluRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "BiasGelu")];

    public bool Apply(RewriteStep step)
    {
        // The Gelu without a bias has a gradient rule.
        step.Out(0, step.Tape.Emit("Gelu", [step.Need(0) + step.Need(1)], 1, "com.microsoft")[0]);
        return true;
    }
}

/// <summary>com.microsoft.FastGelu: gelu(x + bias), by the hyperbolic tangent (Hendrycks and Gimpel 2016).</summary>
internal sealed class FastGeluRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "FastGelu")];

    public bool Apply(RewriteStep step)
    {
        step.Out(0, Of(step.In(1) is { } bias ? step.Need(0) + bias : step.Need(0)));
        return true;
    }

    public static Value Of(Value x) => x * 0.5 * (((x * ((x * x * 0.044715) + 1) * Math.Sqrt(2 / Math.PI)).Tanh()) + 1);
}

/// <summary>com.microsoft.QuickGelu: x σ(αx).</summary>
internal sealed class QuickGeluRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "QuickGelu")];

    public bool Apply(RewriteStep step)
    {
        var x = step.Need(0);
        step.Out(0, x * (x * step.Node.Float("alpha", 1.702f)).Sigmoid());
        return true;
    }
}
