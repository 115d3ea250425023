namespace ExplainService.Graph.Patterns;

/// <summary>Single numbers among a graph's weights.</summary>
internal static class ScalarWeights
{
    /// <summary>The number that a weight of one element holds; null: the value is none.</summary>
    public static double? ScalarOf(this ModelGraph graph, string name) =>
        graph.Weights.TryGetValue(name, out var weight) && weight.Count == 1 && weight.Type.IsFloating() ? weight.ToFloats()[0] : null;
}
