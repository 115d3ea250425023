using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Patterns;

/// <summary>Tells a seq2seq decoder's attention to itself from that to the encoder, by where queries and keys come from.</summary>
internal sealed class AttentionRoles
{
    private readonly Dictionary<string, Node> producers;
    private readonly HashSet<string> ofDecoder;

    public AttentionRoles(ModelGraph graph, Dictionary<string, Node> producers, IReadOnlyList<EmbeddingLookup> lookups)
    {
        this.producers = producers;
        var decoder = lookups
            .Where(lookup => lookup.Ids.StartsWith("decoder", StringComparison.Ordinal))
            .Select(lookup => lookup.Output)
            .ToHashSet();
        if (decoder.Count == 0)
        {
            decoder = SecondReading(graph, lookups);
        }

        ofDecoder = decoder.Count > 0 ? Reach(graph, decoder) : [];
    }

    /// <summary>The role of a softmax.</summary>
    public AttentionRole Of(Node softmax)
    {
        if (!ofDecoder.Contains(softmax.Output))
        {
            return AttentionRole.Self;
        }

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

    /// <summary>
    /// Classifiers with an encoder and a decoder (BART's) read the text twice: the decoder looks the same tokens up, moved by one, in the
    /// same table.
    /// </summary>
    private HashSet<string> SecondReading(ModelGraph graph, IReadOnlyList<EmbeddingLookup> lookups)
    {
        if (lookups is not [var only] || !producers.TryGetValue(only.Output, out var first) || !first.Is("Gather"))
        {
            return [];
        }

        return
        [
            .. graph
                .Nodes.Where(node =>
                    node.Is("Gather") && node != first && node.Inputs[0] == first.Inputs[0] && producers.ContainsKey(node.Inputs[1])
                )
                .Select(node => node.Output),
        ];
    }

    private static HashSet<string> Reach(ModelGraph graph, HashSet<string> from)
    {
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Exists(from.Contains) && !node.Has(OperatorTrait.ReadsShape)))
        {
            from.UnionWith(node.Outputs);
        }

        return from;
    }
}
