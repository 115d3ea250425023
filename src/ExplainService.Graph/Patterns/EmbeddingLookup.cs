namespace ExplainService.Graph.Patterns;

/// <summary>A word-embedding lookup: <c>Gather(table, f(ids))</c>, where f only moves or converts the ids.</summary>
/// <param name="Ids">The graph input that holds the token ids.</param>
/// <param name="Table">The table's weight, [vocabulary × embedding].</param>
/// <param name="Output">The looked-up embeddings, before positions and normalisation.</param>
public sealed record EmbeddingLookup(string Ids, Weight Table, string Output)
{
    private static readonly HashSet<string> Moving = ["Reshape", "Cast", "Identity", "Unsqueeze", "Squeeze", "Flatten"];

    /// <summary>Size of an embedding.</summary>
    public int EmbeddingSize => (int)Table.Dims[^1];

    /// <summary>Number of rows of the table.</summary>
    public int VocabularySize => (int)Table.Dims[0];

    /// <summary>The lookups of a graph, in graph order; position and segment tables are not among them, as their ids are not the tokens'.</summary>
    public static IReadOnlyList<EmbeddingLookup> Find(ModelGraph graph)
    {
        var producers = graph.Producers();
        var inputs = graph.Inputs.Select(input => input.Name).Where(IsTokenIds).ToHashSet();
        var found = new List<EmbeddingLookup>();
        foreach (var node in graph.Nodes)
        {
            if (!node.Is("Gather") || node.Int("axis") != 0 || !graph.Weights.TryGetValue(node.Inputs[0], out var table)
                || table.Dims.Count != 2 || !table.Type.IsFloating()) continue;
            var ids = node.Inputs[1];
            while (producers.TryGetValue(ids, out var producer) && producer.Domain.Length == 0 && Moving.Contains(producer.Op)) ids = producer.Inputs[0];
            if (inputs.Contains(ids)) found.Add(new EmbeddingLookup(ids, table, node.Output));
        }

        return found;
    }

    /// <summary>Whether exporters give this name to token ids.</summary>
    public static bool IsTokenIds(string name) => name is "input_ids" or "decoder_input_ids" or "input" || name.EndsWith("input_ids", StringComparison.Ordinal);
}
