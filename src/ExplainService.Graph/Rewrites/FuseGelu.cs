using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// x · ½(1 + erf(x/√2)), which exporters write as five operators, becomes one (Hendrycks and Gimpel 2016). ONNX Runtime would do the same
/// to a forward graph, but not where a backward pass reads the values in between; and one operator keeps only x alive until then.
/// </summary>
public static class FuseGelu
{
    private const double Tolerance = 1e-3;

    /// <summary>Rewrites in place and drops what nothing reads any more.</summary>
    public static void Apply(ModelGraph graph)
    {
        var producers = graph.Producers();
        var shapes = InferredShapes.Of(graph);
        var found = new Dictionary<Node, string>();
        foreach (var node in graph.Nodes.Where(node => node.Is("Mul")))
        {
            if (Argument(graph, producers, node) is { } input && shapes[input].Type == ElementType.Float)
            {
                found[node] = input;
            }
        }

        if (found.Count == 0)
        {
            return;
        }

        graph.Opsets.TryAdd("com.microsoft", 1);
        graph.ReplaceNodes(
            graph.Nodes.Select(node =>
                found.TryGetValue(node, out var input) ? new Node("Gelu", [input], [node.Output], "com.microsoft", node.Name) : node
            )
        );
        graph.RemoveDead();
    }

    /// <summary>x, where the product's factors are x, ½ and 1 + erf(x/√2) in any order; null otherwise.</summary>
    private static string? Argument(ModelGraph graph, Dictionary<string, Node> producers, Node last)
    {
        for (var side = 0; side < 2; side++)
        {
            if (
                producers.TryGetValue(last.Inputs[side], out var inner)
                && inner.Is("Mul")
                && Argument(graph, producers, [last.Inputs[1 - side], .. inner.Inputs]) is { } x
            )
            {
                return x;
            }
        }

        return null;
    }

    private static string? Argument(ModelGraph graph, Dictionary<string, Node> producers, List<string> factors)
    {
        var half = factors.FindIndex(name => IsNumber(graph, name, 0.5));
        if (half < 0)
        {
            return null;
        }

        factors.RemoveAt(half);
        for (var i = 0; i < 2; i++)
        {
            if (Raised(graph, producers, factors[i]) is { } x && x == factors[1 - i])
            {
                return x;
            }
        }

        return null;
    }

    /// <summary>x of 1 + erf(x/√2).</summary>
    private static string? Raised(ModelGraph graph, Dictionary<string, Node> producers, string name)
    {
        if (!producers.TryGetValue(name, out var sum) || !sum.Is("Add"))
        {
            return null;
        }

        var one = sum.Inputs.FindIndex(input => IsNumber(graph, input, 1));
        if (one < 0 || !producers.TryGetValue(sum.Inputs[1 - one], out var erf) || !erf.Is("Erf"))
        {
            return null;
        }

        if (!producers.TryGetValue(erf.Inputs[0], out var scaled))
        {
            return null;
        }

        if (scaled.Is("Div") && IsNumber(graph, scaled.Inputs[1], Math.Sqrt(2)))
        {
            return scaled.Inputs[0];
        }

        if (!scaled.Is("Mul"))
        {
            return null;
        }

        var factor = scaled.Inputs.FindIndex(input => IsNumber(graph, input, Math.Sqrt(0.5)));
        return factor < 0 ? null : scaled.Inputs[1 - factor];
    }

    private static bool IsNumber(ModelGraph graph, string name, double wanted) =>
        graph.Weights.TryGetValue(name, out var weight)
        && weight.Count == 1
        && weight.Type.IsFloating()
        && Math.Abs(weight.ToFloats()[0] - wanted) < Tolerance * wanted;
}
