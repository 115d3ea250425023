namespace ExplainService.Graph.Patterns;

/// <summary>A value that only weighs others: a constant to relevance, whatever it depends on.</summary>
/// <param name="Value">Its name.</param>
/// <param name="Results">What it weighs: the results of the products and quotients that read it.</param>
internal sealed record HeldValue(string Value, IReadOnlyList<string> Results);
