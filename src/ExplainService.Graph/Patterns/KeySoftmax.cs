using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Patterns;

/// <summary>
/// A softmax over keys: its probabilities weigh values in a product. Those that pool a sequence and those whose heads are not known are
/// among them, as what they weigh is all that matters here.
/// </summary>
/// <param name="Softmax">The probabilities, and the product with the values.</param>
/// <param name="Inside">The operators that it is written out in, itself included.</param>
internal sealed record KeySoftmax(HeldValue Softmax, IReadOnlyList<Node> Inside)
{
    /// <summary>Those of a graph.</summary>
    public static IReadOnlyList<KeySoftmax> Find(ModelGraph graph, InferredShapes shapes)
    {
        var (producers, consumers) = (graph.Producers(), graph.Consumers());
        var found = new List<KeySoftmax>();
        foreach (var node in graph.Nodes)
        {
            if (
                Probabilities.AxisOf(node, shapes, producers) is { } axis
                && AttentionProduct.Find(node.Output, axis, shapes, consumers) is { } product
            )
            {
                found.Add(new KeySoftmax(new HeldValue(node.Output, [product.Output.Name]), WrittenOut(node, producers)));
            }
        }

        return found;
    }

    /// <summary>From the quotient back to the exponentials.</summary>
    private static List<Node> WrittenOut(Node node, Dictionary<string, Node> producers)
    {
        List<Node> inside = [node];
        if (node.Op != "Div")
        {
            return inside;
        }

        for (var next = 0; next < inside.Count; next++)
        {
            if (inside[next].Op != "Exp")
            {
                inside.AddRange(inside[next].Inputs.Select(producers.GetValueOrDefault).OfType<Node>().Except(inside));
            }
        }

        return inside;
    }
}
