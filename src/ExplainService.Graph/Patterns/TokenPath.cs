using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Patterns;

/// <summary>
/// Which values of a decoder follow its tokens from the word embeddings on, layer after layer. What does not (masks, rotary angles,
/// position embeddings, everything of an encoder) is the same whichever tokens are computed, and is called side here.
/// </summary>
internal sealed class TokenPath
{
    private readonly HashSet<string> symbols;

    public TokenPath(ModelGraph graph, IReadOnlyList<EmbeddingLookup> lookups)
    {
        Ids = lookups[^1].Ids;
        var decoder = Ids.StartsWith("decoder", StringComparison.Ordinal);
        var own = lookups.Where(lookup => lookup.Ids == Ids).Select(lookup => lookup.Output).ToArray();
        Lookups = [.. graph.Nodes.Where(node => node.Outputs.Exists(own.Contains))];
        Values = Reach(graph, own);
        Source = Reach(graph, lookups.Where(lookup => lookup.Ids != Ids).Select(lookup => lookup.Output));
        Source.ExceptWith(Values);
        Inputs =
        [
            .. graph.Inputs.Where(input =>
                input.Dims?.Count == 2 && (!decoder || input.Name.StartsWith("decoder", StringComparison.Ordinal))
            ),
        ];
        symbols = [.. Inputs.Select(input => input.Dims![1].Symbol).OfType<string>()];
    }

    /// <summary>The input of its token ids.</summary>
    public string Ids { get; }

    /// <summary>The lookups at which it begins.</summary>
    public IReadOnlyList<Node> Lookups { get; }

    /// <summary>Its values.</summary>
    public HashSet<string> Values { get; }

    /// <summary>Values that follow the encoder's tokens and not the decoder's; none in a causal model.</summary>
    public HashSet<string> Source { get; }

    /// <summary>Graph inputs with a column for each of its tokens.</summary>
    public IReadOnlyList<ValueInfo> Inputs { get; }

    /// <summary>Whether a dimension counts its tokens.</summary>
    public bool IsLength(Dim dim) => dim.Symbol is { } symbol && symbols.Contains(symbol);

    /// <summary>Whether a dimension is made of the number of its tokens in a way that cannot be cut.</summary>
    public bool HidesLength(Dim dim) =>
        dim.IsUnknown
        || (!IsLength(dim) && dim.Symbol is { } symbol && symbols.Any(length => symbol.Contains(length, StringComparison.Ordinal)));

    /// <summary>Every value that data flow to from some; sizes are no data.</summary>
    public static HashSet<string> Reach(ModelGraph graph, IEnumerable<string> from)
    {
        var reached = from.ToHashSet();
        foreach (var node in graph.Nodes.Where(node => !node.Has(OperatorTrait.ReadsShape) && node.Reads.Any(reached.Contains)))
        {
            reached.UnionWith(node.Outputs.Where(name => name.Length > 0));
        }

        return reached;
    }
}
