namespace ExplainService.Graph.Gradients;

/// <summary>The rules of calculus.</summary>
internal sealed class PlainRules : GradientRules
{
    private PlainRules() { }

    /// <summary>The same for every graph.</summary>
    public static PlainRules Instance { get; } = new();

    /// <inheritdoc/>
    public override GradientRule Of(Node node, IReadOnlySet<string> moving) =>
        GradientTable.Rules.TryGetValue((node.Domain, node.Op), out var rule)
            ? new GradientRule(rule)
            : throw new UnsupportedGradientException(node);
}
