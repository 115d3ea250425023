namespace ExplainService.Graph;

/// <summary>
/// The names that values of a graph and its subgraphs have or once had. A name is never given twice: nodes that a rewrite has taken out for
/// the moment come back under theirs, and what was found in a graph is known by name.
/// </summary>
internal sealed class ValueNames
{
    private readonly HashSet<string> taken;
    private int counter;

    private ValueNames(IEnumerable<string> taken, int counter) => (this.taken, this.counter) = ([.. taken], counter);

    /// <summary>The names of a graph, which its subgraphs share.</summary>
    public static ValueNames Of(ModelGraph graph)
    {
        var names = new ValueNames(graph.AllNames(), 0);
        names.Share(graph);
        return names;
    }

    /// <summary>The same names, for a copy of the graph.</summary>
    public ValueNames Copy() => new(taken, counter);

    /// <summary>Names of values that come from elsewhere.</summary>
    public void Reserve(IEnumerable<string> names) => taken.UnionWith(names);

    /// <summary>A name that no value has, beginning with <paramref name="prefix"/>.</summary>
    public string Create(string prefix)
    {
        var name = prefix;
        while (!taken.Add(name))
        {
            name = $"{prefix}_{++counter}";
        }

        return name;
    }

    private void Share(ModelGraph graph)
    {
        graph.Names = this;
        foreach (var inner in graph.Nodes.SelectMany(node => node.Subgraphs))
        {
            Share(inner);
        }
    }
}
