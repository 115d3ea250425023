namespace ExplainService.Graph;

/// <summary>The edits that every rewrite and form is made of.</summary>
public static class GraphEditing
{
    /// <summary>Every name in use, in subgraphs too.</summary>
    public static IEnumerable<string> AllNames(this ModelGraph graph) =>
        graph
            .Inputs.Select(input => input.Name)
            .Concat(graph.Weights.Keys)
            .Concat(graph.Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs).Concat(node.Subgraphs.SelectMany(AllNames))));

    /// <summary>Makes every reader of <paramref name="old"/>, subgraphs included, read <paramref name="replacement"/>.</summary>
    /// <remarks>A graph output keeps its name: it becomes an Identity of the replacement.</remarks>
    public static void ReplaceUses(this ModelGraph graph, string old, string replacement)
    {
        Redirect(graph, old, replacement);
        if (!graph.IsOutput(old))
        {
            return;
        }

        foreach (var node in graph.Nodes)
        {
            var written = node.Outputs.IndexOf(old);
            if (written >= 0)
            {
                node.Outputs[written] = graph.Unique(old + "_replaced");
            }
        }

        graph.Add(new Node("Identity", [replacement], [old]));
    }

    /// <summary>Removes nodes whose outputs nothing reads, then weights and declarations without a reader.</summary>
    public static void RemoveDead(this ModelGraph graph)
    {
        var live = graph.Outputs.Select(output => output.Name).ToHashSet();
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (!graph.Nodes[i].Outputs.Exists(live.Contains))
            {
                graph.Nodes.RemoveAt(i);
            }
            else
            {
                live.UnionWith(graph.Nodes[i].Reads);
            }
        }

        foreach (var name in graph.Weights.Keys.Where(name => !live.Contains(name)).ToList())
        {
            graph.Weights.Remove(name);
        }

        var written = graph.Nodes.SelectMany(node => node.Outputs).ToHashSet();
        foreach (var name in graph.Declared.Keys.Where(name => !written.Contains(name)).ToList())
        {
            graph.Declared.Remove(name);
        }
    }

    /// <summary>Puts nodes in topological order, keeping the present order where it is free (depth-first, no recursion).</summary>
    /// <exception cref="GraphFormatException">The graph has a cycle.</exception>
    public static void Sort(this ModelGraph graph)
    {
        var producers = graph.Producers();
        var state = new Dictionary<Node, bool>(graph.Nodes.Count);
        var sorted = new List<Node>(graph.Nodes.Count);
        var stack = new Stack<(Node Node, bool Entered)>();
        foreach (var root in graph.Nodes)
        {
            stack.Push((root, false));
            while (stack.TryPop(out var top))
            {
                if (top.Entered)
                {
                    state[top.Node] = true;
                    sorted.Add(top.Node);
                    continue;
                }

                if (state.TryGetValue(top.Node, out var done))
                {
                    if (!done)
                    {
                        throw new GraphFormatException($"The graph has a cycle through {top.Node}.");
                    }

                    continue;
                }

                state[top.Node] = false;
                stack.Push((top.Node, true));
                foreach (var name in top.Node.Reads.Reverse())
                {
                    if (!producers.TryGetValue(name, out var producer))
                    {
                        continue;
                    }

                    if (!state.TryGetValue(producer, out var finished))
                    {
                        stack.Push((producer, false));
                    }
                    else if (!finished)
                    {
                        throw new GraphFormatException($"The graph has a cycle through {producer}.");
                    }
                }
            }
        }

        graph.Nodes.Clear();
        graph.Nodes.AddRange(sorted);
    }

    private static void Redirect(ModelGraph graph, string old, string replacement)
    {
        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] == old)
                {
                    node.Inputs[i] = replacement;
                }
            }

            foreach (var inner in node.Subgraphs.Where(inner => inner.Captures().Contains(old)))
            {
                Redirect(inner, old, replacement);
                if (inner.IsOutput(old))
                {
                    inner.Add(new Node("Identity", [replacement], [old]));
                }
            }
        }
    }
}
