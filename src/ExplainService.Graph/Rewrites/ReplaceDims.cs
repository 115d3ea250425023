namespace ExplainService.Graph.Rewrites;

/// <summary>Renames symbolic dimensions, or gives them a number, wherever a graph declares them.</summary>
public static class ReplaceDims
{
    /// <summary>Replaces symbols in place; sums such as <c>past_sequence_length + sequence_length</c> term by term.</summary>
    public static void Apply(ModelGraph graph, IReadOnlyDictionary<string, Dim> symbols)
    {
        if (symbols.Count == 0)
        {
            return;
        }

        Replace(graph.Inputs, symbols);
        Replace(graph.Outputs, symbols);
        foreach (var (name, info) in graph.Declared.ToArray())
        {
            graph.Declared[name] = Replace(info, symbols);
        }

        foreach (var inner in graph.Nodes.SelectMany(node => node.Subgraphs))
        {
            Apply(inner, symbols);
        }
    }

    private static void Replace(List<ValueInfo> values, IReadOnlyDictionary<string, Dim> symbols)
    {
        for (var i = 0; i < values.Count; i++)
        {
            values[i] = Replace(values[i], symbols);
        }
    }

    private static ValueInfo Replace(ValueInfo info, IReadOnlyDictionary<string, Dim> symbols) =>
        info.Dims is null ? info : info with { Dims = [.. info.Dims.Select(dim => Replace(dim, symbols))] };

    private static Dim Replace(Dim dim, IReadOnlyDictionary<string, Dim> symbols)
    {
        if (dim.Symbol is not { } symbol)
        {
            return dim;
        }

        if (symbols.TryGetValue(symbol, out var found))
        {
            return found;
        }

        var terms = symbol.Trim('(', ')').Split('+', StringSplitOptions.TrimEntries);
        if (!Array.Exists(terms, symbols.ContainsKey))
        {
            return dim;
        }

        return terms
            .Select(term =>
                symbols.TryGetValue(term, out var value) ? value
                : long.TryParse(term, out var number) ? number
                : Dim.Of(term)
            )
            .Aggregate((sum, term) => sum + term);
    }
}
