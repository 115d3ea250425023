using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Onnx;

/// <summary>
/// Refuses graphs in which a name is written twice or read without being written, or an operator lacks an input that it cannot do without.
/// </summary>
internal static class GraphCheck
{
    public static void Names(ModelGraph graph)
    {
        var known = graph.Weights.Keys.ToHashSet();
        foreach (var input in graph.Inputs)
        {
            if (!known.Add(input.Name))
            {
                throw new GraphFormatException($"Input '{input.Name}' is declared twice.");
            }
        }

        foreach (var node in graph.Nodes)
        {
            if (node.Outputs.Count == 0)
            {
                throw new GraphFormatException($"{node} writes nothing.");
            }

            foreach (var output in node.Outputs.Where(name => name.Length > 0))
            {
                if (!known.Add(output))
                {
                    throw new GraphFormatException($"Value '{output}' is written twice, the second time by {node}.");
                }
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

    /// <param name="graph">A graph, or a branch of one.</param>
    /// <param name="opset">The version of its operators: before 13, shapes and axes were attributes.</param>
    public static void Inputs(ModelGraph graph, long opset)
    {
        foreach (var node in graph.Nodes)
        {
            var needed = opset < 13 && node.Has(OperatorTrait.TakesShape) ? 1 : OperatorTable.Of(node).Inputs;
            for (var i = 0; i < needed; i++)
            {
                if (node.Input(i) is null)
                {
                    throw new GraphFormatException(
                        FormattableString.Invariant(
                            $"{node} lacks input {i}: {node.Op} needs {needed} {(needed == 1 ? "input" : "inputs")}."
                        )
                    );
                }
            }

            foreach (var branch in node.Subgraphs)
            {
                Inputs(branch, opset);
            }
        }
    }
}
