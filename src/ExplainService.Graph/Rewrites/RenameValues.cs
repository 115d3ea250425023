namespace ExplainService.Graph.Rewrites;

/// <summary>Gives values other names, wherever a graph and its subgraphs write, read or declare them.</summary>
internal static class RenameValues
{
    /// <summary>Renames in place, inputs and outputs too.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="names">The new name of each value that gets one; no two values may end up with the same.</param>
    public static void Apply(ModelGraph graph, IReadOnlyDictionary<string, string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        graph.Names.Reserve(names.Values);
        Rename(graph, names);
    }

    private static void Rename(ModelGraph graph, IReadOnlyDictionary<string, string> names)
    {
        string New(string name) => names.GetValueOrDefault(name, name);
        Rename(graph.Inputs, New);
        Rename(graph.Outputs, New);
        foreach (var (name, weight) in TakeRenamed(graph.Weights, names))
        {
            graph.Weights[New(name)] = weight.With(New(name));
        }

        foreach (var (name, info) in TakeRenamed(graph.Declared, names))
        {
            graph.Declared[New(name)] = info with { Name = New(name) };
        }

        foreach (var node in graph.Nodes)
        {
            Rename(node.Inputs, New);
            Rename(node.Outputs, New);
            foreach (var inner in node.Subgraphs)
            {
                Rename(inner, names);
            }
        }
    }

    private static void Rename(List<ValueInfo> values, Func<string, string> change)
    {
        for (var i = 0; i < values.Count; i++)
        {
            values[i] = values[i] with { Name = change(values[i].Name) };
        }
    }

    private static void Rename(List<string> values, Func<string, string> change)
    {
        for (var i = 0; i < values.Count; i++)
        {
            values[i] = change(values[i]);
        }
    }

    /// <summary>All are taken before one is put back: two may change names with each other.</summary>
    private static List<KeyValuePair<string, T>> TakeRenamed<T>(Dictionary<string, T> entries, IReadOnlyDictionary<string, string> names)
    {
        var taken = entries.Where(entry => names.ContainsKey(entry.Key)).ToList();
        taken.ForEach(entry => entries.Remove(entry.Key));
        return taken;
    }
}
