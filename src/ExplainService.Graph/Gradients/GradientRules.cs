namespace ExplainService.Graph.Gradients;

/// <summary>A table of rules: which one each operator of a graph has. Relevance is a variant of the plain one, not another walk.</summary>
internal abstract class GradientRules
{
    /// <summary>Values that are constants to these rules, whatever they depend on.</summary>
    public virtual IReadOnlySet<string> Held { get; } = new HashSet<string>();

    /// <summary>The rule of an operator on the way.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="moving">Values that depend on what is differentiated by and are not held.</param>
    /// <exception cref="UnsupportedGradientException">It has none.</exception>
    public abstract GradientRule Of(Node node, IReadOnlySet<string> moving);
}

/// <summary>What an operator does on the way back.</summary>
/// <param name="Apply">Gives the gradients of its inputs.</param>
internal sealed record GradientRule(Action<GradientStep> Apply)
{
    /// <summary>The one input that gets a gradient, the others being constants to it; null: all that move.</summary>
    public int? Only { get; init; }
}
