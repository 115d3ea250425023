namespace ExplainService.Graph;

/// <summary>The edits that every rewrite and form is made of.</summary>
public static class GraphEditing
{
    /// <summary>Every name in use, in subgraphs too.</summary>
    public static IEnumerable<string> AllNames(this ModelGraph graph) =>
        graph
            .Inputs.Select(input => input.Name)
            .Concat(graph.Outputs.Select(output => output.Name))
            .Concat(graph.Weights.Keys)
            .Concat(graph.Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs).Concat(node.Subgraphs.SelectMany(AllNames))));

    /// <summary>Makes every reader of <paramref name="old"/>, subgraphs included, read <paramref name="replacement"/>.</summary>
    /// <remarks>A graph output keeps its name: it becomes an Identity of the replacement.</remarks>
    public static void ReplaceUses(this ModelGraph graph, string old, string replacement) =>
        graph.ReplaceUses(new Dictionary<string, string> { [old] = replacement });

    /// <summary>The same for many values in one pass; a replacement that is itself replaced gives way to what takes its place.</summary>
    public static void ReplaceUses(this ModelGraph graph, IReadOnlyDictionary<string, string> replacements)
    {
        if (replacements.Count == 0)
        {
            return;
        }

        var final = Resolved(replacements);
        Redirect(graph, final);
        var kept = graph.Outputs.Select(output => output.Name).Where(final.ContainsKey).ToHashSet();
        if (kept.Count == 0)
        {
            return;
        }

        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Outputs.Count; i++)
            {
                if (kept.Contains(node.Outputs[i]))
                {
                    node.Outputs[i] = graph.Unique(node.Outputs[i] + "_replaced");
                }
            }
        }

        foreach (var old in kept)
        {
            graph.Add(new Node("Identity", [final[old]], [old]));
        }
    }

    /// <summary>Removes nodes whose outputs nothing reads, then weights and declarations without a reader.</summary>
    public static void RemoveDead(this ModelGraph graph)
    {
        var live = graph.Outputs.Select(output => output.Name).ToHashSet();
        var kept = new List<Node>(graph.Nodes.Count);
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (graph.Nodes[i].Outputs.Exists(live.Contains))
            {
                kept.Add(graph.Nodes[i]);
                live.UnionWith(graph.Nodes[i].Reads);
            }
        }

        kept.Reverse();
        graph.ReplaceNodes(kept);
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

    /// <summary>Gives the graph these nodes instead of those that it has: a rewrite that adds or removes some writes the list once.</summary>
    public static void ReplaceNodes(this ModelGraph graph, IEnumerable<Node> nodes)
    {
        // They may be read from the very list that is cleared.
        Node[] all = [.. nodes];
        _ = graph.Names;
        graph.Nodes.Clear();
        graph.Nodes.AddRange(all);
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

        graph.ReplaceNodes(sorted);
    }

    private static Dictionary<string, string> Resolved(IReadOnlyDictionary<string, string> replacements)
    {
        var final = new Dictionary<string, string>(replacements.Count);
        foreach (var old in replacements.Keys)
        {
            var passed = new List<string>();
            var name = old;
            while (!final.ContainsKey(name) && replacements.TryGetValue(name, out var next) && passed.Count < replacements.Count)
            {
                passed.Add(name);
                name = next;
            }

            name = final.GetValueOrDefault(name, name);
            passed.ForEach(step => final[step] = name);
        }

        return final;
    }

    private static void Redirect(ModelGraph graph, Dictionary<string, string> replacements)
    {
        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = replacements.GetValueOrDefault(node.Inputs[i], node.Inputs[i]);
            }

            foreach (var inner in node.Subgraphs)
            {
                var captured = inner.Captures().Where(replacements.ContainsKey).ToDictionary(name => name, name => replacements[name]);
                if (captured.Count == 0)
                {
                    continue;
                }

                Redirect(inner, captured);
                foreach (var old in captured.Keys.Where(inner.IsOutput))
                {
                    inner.Add(new Node("Identity", [captured[old]], [old]));
                }
            }
        }
    }
}
