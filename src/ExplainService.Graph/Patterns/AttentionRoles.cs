namespace ExplainService.Graph.Patterns;

/// <summary>Tells a seq2seq decoder's attention to itself from that to the encoder, by where queries and keys come from.</summary>
internal sealed class AttentionRoles
{
    private readonly Dictionary<string, Node> producers;
    private readonly HashSet<string> ofDecoder;

    public AttentionRoles(ModelGraph graph, Dictionary<string, Node> producers, IReadOnlyList<EmbeddingLookup> lookups)
    {
        this.producers = producers;
        var decoder = lookups.Where(lookup => lookup.Ids.StartsWith("decoder", StringComparison.Ordinal)).Select(lookup => lookup.Output).ToHashSet();
        ofDecoder = decoder.Count > 0 ? Reach(graph, decoder) : [];
    }

    /// <summary>The role of a softmax.</summary>
    public AttentionRole Of(Node softmax)
    {
        if (!ofDecoder.Contains(softmax.Output)) return AttentionRole.Self;
        var scores = softmax.Inputs[0];
        while (producers.TryGetValue(scores, out var node))
        {
            if (node.Op is "MatMul" or "FusedMatMul" or "Einsum")
            {
                return node.Inputs.TrueForAll(ofDecoder.Contains) ? AttentionRole.Decoder : AttentionRole.Cross;
            }

            scores = node.Inputs.FirstOrDefault(ofDecoder.Contains) ?? node.Inputs[0];
        }

        return AttentionRole.Decoder;
    }

    private static HashSet<string> Reach(ModelGraph graph, HashSet<string> from)
    {
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Exists(from.Contains) && node.Op is not ("Shape" or "Size"))) from.UnionWith(node.Outputs);
        return from;
    }
}
