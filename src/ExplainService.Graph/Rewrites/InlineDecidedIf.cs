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
        var (nodes, spliced) = (new List<Node>(graph.Nodes.Count), false);
        foreach (var node in graph.Nodes)
        {
            if (Taken(node, shapes) is { } branch)
            {
                nodes.AddRange(Renamed(graph, branch, node));
                spliced = true;
            }
            else
            {
                nodes.Add(node);
            }
        }

        graph.ReplaceNodes(nodes);
        return spliced;
    }

    /// <summary>The branch that is always taken; null where that is not known.</summary>
    private static ModelGraph? Taken(Node node, InferredShapes shapes) =>
        node.Is("If") && shapes[node.Inputs[0]].Numbers is [var condition]
            ? node.Subgraph(condition != 0 ? "then_branch" : "else_branch")
            : null;

    /// <summary>The branch's nodes under names that are free in the graph; its weights move there.</summary>
    private static IEnumerable<Node> Renamed(ModelGraph graph, ModelGraph branch, Node node)
    {
        branch = branch.Clone(graph.Names);
        var own = branch.Weights.Keys.Concat(branch.Nodes.SelectMany(inner => inner.Outputs).Where(name => name.Length > 0));
        RenameValues.Apply(branch, own.ToDictionary(name => name, name => graph.Unique(name + "_branch")));
        foreach (var weight in branch.Weights.Values)
        {
            graph.Add(weight);
        }

        // ONNX Runtime refuses two nodes of one name; both branches, and an encoder beside them, come from exporters that count alike.
        foreach (var inner in branch.Nodes.Where(inner => inner.Name.Length > 0))
        {
            inner.Name = $"{(node.Name.Length > 0 ? node.Name : node.Output)}/{inner.Name}";
        }

        // The branch's results go out under the names that the If gave them.
        return
        [
            .. branch.Nodes,
            .. branch
                .Outputs.Select((result, i) => new Node("Identity", [result.Name], [node.Outputs[i]]))
                .Where(copy => copy.Output.Length > 0),
        ];
    }
}
