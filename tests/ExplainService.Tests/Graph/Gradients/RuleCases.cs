namespace ExplainService.Tests.Graph.Gradients;

/// <summary>What every gradient rule is checked on.</summary>
internal static partial class RuleCases
{
    public static IReadOnlyList<RuleCase> All { get; } = [.. Elementwise(), .. Sums(), .. Moves()];
}
