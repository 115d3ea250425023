namespace ExplainService.Graph.Onnx;

/// <summary>Refuses graphs in which a name is written twice or read without being written.</summary>
internal static class GraphCheck
{
    public static void Names(ModelGraph graph)
    {
        var known = graph.Inputs.Select(input => input.Name).Concat(graph.Weights.Keys).ToHashSet();
        foreach (var node in graph.Nodes)
        {
            foreach (var output in node.Outputs.Where(name => name.Length > 0))
            {
                if (!known.Add(output)) throw new GraphFormatException($"Value '{output}' is written twice, the second time by {node}.");
            }
        }

        foreach (var node in graph.Nodes)
        {
            if (node.Reads.FirstOrDefault(name => !known.Contains(name)) is { } missing)
            {
                throw new GraphFormatException($"{node} reads '{missing}', which nothing writes.");
            }
        }

        if (graph.Outputs.Find(output => !known.Contains(output.Name)) is { } unwritten)
        {
            throw new GraphFormatException($"Output '{unwritten.Name}' is written by no node.");
        }
    }
}
