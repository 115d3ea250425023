namespace ExplainService.Graph.Patterns;

/// <summary>Whose attention to whom.</summary>
public enum AttentionRole
{
    /// <summary>Self-attention of the encoder, or of a decoder-only model.</summary>
    Self,

    /// <summary>Self-attention of a seq2seq decoder.</summary>
    Decoder,

    /// <summary>A seq2seq decoder's attention to the encoder.</summary>
    Cross,
}

/// <summary>An attention softmax: its output [batch, heads, queries, keys] multiplies the values.</summary>
/// <param name="Output">The map as it enters the product with the values.</param>
/// <param name="Role">Whose attention to whom.</param>
/// <param name="Heads">Number of heads, where the graph tells.</param>
public sealed record AttentionMap(string Output, AttentionRole Role, int? Heads)
{
    private static readonly HashSet<string> Passing = ["Cast", "Identity", "Dropout", "Where"];

    /// <summary>The maps of a graph, from the first layer to the last.</summary>
    public static IReadOnlyList<AttentionMap> Find(ModelGraph graph, Shapes shapes, IReadOnlyList<EmbeddingLookup> lookups)
    {
        var consumers = graph.Consumers();
        var producers = graph.Producers();
        var decoder = lookups.Where(lookup => lookup.Ids.StartsWith("decoder", StringComparison.Ordinal)).Select(lookup => lookup.Output).ToArray();
        var ofDecoder = decoder.Length > 0 ? Reach(graph, decoder) : [];
        var found = new List<AttentionMap>();
        foreach (var node in graph.Nodes)
        {
            if (!node.Is("Softmax") || shapes[node.Output].Rank is not { } rank || rank != 4 || !OverLastAxis(graph, node, rank)) continue;
            if (MultipliesValues(node.Output, consumers) is not { } map) continue;
            var heads = shapes[node.Output].Dims![1].Value;
            found.Add(new AttentionMap(map, RoleOf(node, producers, ofDecoder), (int?)heads));
        }

        return found;
    }

    private static bool OverLastAxis(ModelGraph graph, Node node, int rank)
    {
        var axis = node.Int("axis", graph.Opset >= 13 ? -1 : 1);
        return axis == -1 || axis == rank - 1;
    }

    /// <summary>Follows what leaves every weight as it is (dropout, casts, the guard against NaN) to a product from the left.</summary>
    private static string? MultipliesValues(string value, ILookup<string, Node> consumers)
    {
        for (var hops = 0; hops < 6; hops++)
        {
            var readers = consumers[value].Where(reader => !reader.Is("IsNaN") && !reader.Is("Shape")).ToArray();
            if (Array.Exists(readers, reader => reader.Is("MatMul") && reader.Inputs[0] == value)) return value;
            var next = Array.Find(readers, reader => reader.Domain.Length == 0 && Passing.Contains(reader.Op));
            if (next is null) return null;
            value = next.Output;
        }

        return null;
    }

    private static AttentionRole RoleOf(Node softmax, Dictionary<string, Node> producers, HashSet<string> ofDecoder)
    {
        if (ofDecoder.Count == 0 || !ofDecoder.Contains(softmax.Output)) return AttentionRole.Self;
        var scores = softmax.Inputs[0];
        while (producers.TryGetValue(scores, out var node))
        {
            if (node.Op is "MatMul" or "FusedMatMul" or "Einsum")
            {
                return ofDecoder.Contains(node.Inputs[1]) ? AttentionRole.Decoder : AttentionRole.Cross;
            }

            scores = node.Inputs.FirstOrDefault(ofDecoder.Contains) ?? node.Inputs[0];
        }

        return AttentionRole.Decoder;
    }

    private static HashSet<string> Reach(ModelGraph graph, IEnumerable<string> from)
    {
        var reached = from.ToHashSet();
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Exists(reached.Contains) && node.Op is not ("Shape" or "Size")))
        {
            reached.UnionWith(node.Outputs);
        }

        return reached;
    }
}
