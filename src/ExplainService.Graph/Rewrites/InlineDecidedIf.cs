using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// Puts the branch that a known condition takes in the place of its <c>If</c>, so that what is inside is seen as part of the graph.
/// </summary>
public static class InlineDecidedIf
{
    /// <summary>Rewrites in place; whether anything was spliced.</summary>
    public static bool Apply(ModelGraph graph)
    {
        if (!graph.Nodes.Exists(node => node.Is("If")))
        {
            return false;
        }

        var shapes = InferredShapes.Of(graph);
        var spliced = false;
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (!node.Is("If") || shapes[node.Inputs[0]].Numbers is not [var condition])
            {
                continue;
            }

            if (node.Subgraph(condition != 0 ? "then_branch" : "else_branch") is not { } branch)
            {
                continue;
            }

            var inner = Renamed(graph, branch, node);
            graph.Nodes.RemoveAt(i);
            graph.Nodes.InsertRange(i--, inner);
            spliced = true;
        }

        return spliced;
    }

    /// <summary>The branch's nodes under names that are free in the graph; its weights move there.</summary>
    private static IEnumerable<Node> Renamed(ModelGraph graph, ModelGraph branch, Node node)
    {
        branch = branch.Clone();
        // The branch's results go out under the names that the If gave them.
        var results = branch.Outputs.Select(output => output.Name).ToArray();
        foreach (var (name, weight) in branch.Weights.ToArray())
        {
            var free = graph.Unique(name + "_branch");
            graph.Add(weight.With(free));
            branch.Weights.Remove(name);
            Rename(branch, name, free, results);
        }

        foreach (var name in branch.Nodes.SelectMany(inner => inner.Outputs).Where(name => name.Length > 0).ToArray())
        {
            Rename(branch, name, graph.Unique(name + "_branch"), results);
        }

        // ONNX Runtime refuses two nodes of one name; both branches, and an encoder beside them, come from exporters that count alike.
        foreach (var inner in branch.Nodes.Where(inner => inner.Name.Length > 0))
        {
            inner.Name = $"{(node.Name.Length > 0 ? node.Name : node.Output)}/{inner.Name}";
        }

        return
        [
            .. branch.Nodes,
            .. results.Select((result, i) => new Node("Identity", [result], [node.Outputs[i]])).Where(copy => copy.Output.Length > 0),
        ];
    }

    private static void Rename(ModelGraph branch, string old, string name, string[] results)
    {
        foreach (var node in branch.Nodes)
        {
            var written = node.Outputs.IndexOf(old);
            if (written >= 0)
            {
                node.Outputs[written] = name;
            }
        }

        branch.Outputs.Clear();
        branch.ReplaceUses(old, name);
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = results[i] == old ? name : results[i];
        }
    }
}
