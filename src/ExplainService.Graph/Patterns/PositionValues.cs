using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Patterns;

/// <summary>
/// Where tokens meet their places: embeddings of positions that are added to those of words, rotary angles that queries and keys are
/// multiplied by. Whether they come from a table, a slice of one or a formula, the longest text that they exist for is the model's limit.
/// </summary>
internal static class PositionValues
{
    /// <summary>
    /// Values that depend on a run's input, but not on which words are in it, and are joined to the words before they meet each other.
    /// </summary>
    public static IReadOnlyList<string> Find(ModelGraph graph, IReadOnlyList<EmbeddingLookup> lookups)
    {
        string[] words = [.. lookups.Select(lookup => lookup.Output)];
        var ofWords = TokenPath.Reach(graph, words);
        var ofInputs = Varying(graph);
        var chain = words.ToHashSet();
        var found = new List<string>();
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Exists(chain.Contains) && !IsEnd(node, chain, ofWords)))
        {
            chain.UnionWith(node.Outputs);
            if (node.Has(OperatorTrait.Joins))
            {
                found.AddRange(node.Inputs.Where(input => !ofWords.Contains(input) && ofInputs.Contains(input)));
            }
        }

        return [.. found.Distinct()];
    }

    /// <summary>
    /// Attention, where words meet words (what is joined behind it, masks and biases of pairs, grows with the square), or a size.
    /// </summary>
    private static bool IsEnd(Node node, HashSet<string> chain, HashSet<string> ofWords) =>
        node.Has(OperatorTrait.ReadsShape)
        || node.Subgraphs.Any()
        || node.Inputs.Exists(input => ofWords.Contains(input) && !chain.Contains(input))
        || (node.Op is "MatMul" or "Gemm" or "Einsum" && node.Inputs.Count(chain.Contains) > 1);

    /// <summary>Values that are not the same in every run.</summary>
    private static HashSet<string> Varying(ModelGraph graph)
    {
        var varying = graph.Inputs.Select(input => input.Name).ToHashSet();
        foreach (var node in graph.Nodes.Where(node => node.Reads.Any(varying.Contains)))
        {
            varying.UnionWith(node.Outputs.Where(name => name.Length > 0));
        }

        return varying;
    }
}
