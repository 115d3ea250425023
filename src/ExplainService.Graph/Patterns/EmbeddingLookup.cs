using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Patterns;

/// <summary>
/// A word-embedding lookup: <c>Gather(table, f(ids))</c>, where f only moves, converts or bounds the ids, or the product of one-hot ids
/// with the table.
/// </summary>
/// <param name="Ids">The graph input that holds the token ids.</param>
/// <param name="Table">The table's weight, [vocabulary × embedding].</param>
/// <param name="Output">The looked-up embeddings, before positions and normalisation.</param>
public sealed record EmbeddingLookup(string Ids, Weight Table, string Output)
{
    /// <summary>What is said where a graph shows none.</summary>
    public const string NotFound = "No word-embedding lookup of the token ids was found in the graph.";

    /// <summary>Size of an embedding.</summary>
    public int EmbeddingSize => (int)Table.Dims[^1];

    /// <summary>Number of rows of the table.</summary>
    public int VocabularySize => (int)Table.Dims[0];

    /// <summary>
    /// The lookups of a graph, in graph order; position and segment tables are not among them, as their ids are not the tokens'.
    /// </summary>
    public static IReadOnlyList<EmbeddingLookup> Find(ModelGraph graph)
    {
        var producers = graph.Producers();
        var inputs = graph.Inputs.Select(input => input.Name).Where(IsTokenIds).ToHashSet();
        var found = new List<EmbeddingLookup>();
        foreach (var node in graph.Nodes)
        {
            var (table, ids) = node.Op switch
            {
                "Gather" when node.Int("axis") == 0 => (node.Inputs[0], node.Inputs[1]),
                "MatMul"
                    when producers.GetValueOrDefault(Unconverted(node.Inputs[0], producers)) is { Op: "OneHot" } hot
                        && hot.Int("axis", -1) == -1 => (node.Inputs[1], hot.Inputs[0]),
                _ => ("", ""),
            };
            if (TableOf(graph, table, producers) is not { } weight)
            {
                continue;
            }

            if (Origin(ids, producers, inputs) is { } origin)
            {
                found.Add(new EmbeddingLookup(origin, weight, node.Output));
            }
        }

        return found;
    }

    /// <summary>Whether exporters give this name to token ids.</summary>
    public static bool IsTokenIds(string name) =>
        name is "input_ids" or "decoder_input_ids" or "input" || name.EndsWith("input_ids", StringComparison.Ordinal);

    /// <summary>The weight, or the transpose of one that is shared with an output projection.</summary>
    private static Weight? TableOf(ModelGraph graph, string name, Dictionary<string, Node> producers)
    {
        var node = producers.GetValueOrDefault(name);
        var transposed = node?.Is("Transpose") == true;
        if (!graph.Weights.TryGetValue(transposed ? node!.Inputs[0] : name, out var weight))
        {
            return null;
        }

        if (weight.Dims.Count != 2 || !weight.Type.IsFloating())
        {
            return null;
        }

        return transposed ? Transposed(weight, name) : weight;
    }

    private static Weight Transposed(Weight weight, string name)
    {
        var (rows, columns, values) = ((int)weight.Dims[0], (int)weight.Dims[1], weight.ToFloats());
        var turned = new float[values.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                turned[(column * rows) + row] = values[(row * columns) + column];
            }
        }

        return Weight.Adopt(name, [columns, rows], turned);
    }

    private static string Unconverted(string value, Dictionary<string, Node> producers)
    {
        while (producers.TryGetValue(value, out var node) && node.Op is "Cast" or "Identity")
        {
            value = node.Inputs[0];
        }

        return value;
    }

    /// <summary>The input that ids come from, where nothing on the way computes with them.</summary>
    private static string? Origin(string ids, Dictionary<string, Node> producers, HashSet<string> inputs, int hops = 12)
    {
        if (hops == 0)
        {
            return null;
        }

        if (inputs.Contains(ids))
        {
            return ids;
        }

        if (!producers.TryGetValue(ids, out var node) || !(node.Is("Cast") || node.Has(OperatorTrait.Reshapes | OperatorTrait.Selects)))
        {
            return null;
        }
        // A choice between ids and a constant: padding that is looked up elsewhere, ids beyond the vocabulary.
        var sources = node.Op switch
        {
            "Where" => node.Inputs.Skip(1),
            "Max" or "Min" => node.Inputs,
            _ => node.Inputs.Take(1),
        };
        var origins = sources.Select(source => Origin(source, producers, inputs, hops - 1)).OfType<string>().Distinct().ToArray();
        return origins is [var only] ? only : null;
    }
}
