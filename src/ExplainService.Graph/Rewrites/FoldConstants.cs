using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// <c>Constant</c> nodes become weights; <c>Identity</c> and <c>Cast</c> of weights are done once, here (float16 files that widen
/// their weights on every run become float32 models); integer shape arithmetic with a known result becomes a weight.
/// </summary>
public static class FoldConstants
{
    /// <summary>Folds in place and drops what nothing reads any more.</summary>
    public static void Apply(ModelGraph graph)
    {
        Fold(graph, InferredShapes.Of(graph));
        graph.RemoveDead();
    }

    private static void Fold(ModelGraph graph, InferredShapes? shapes)
    {
        var casts = new Dictionary<(string, ElementType), Weight>();
        var outputs = graph.Outputs.Select(output => output.Name).ToHashSet();
        var folded = new HashSet<Node>();
        foreach (var node in graph.Nodes)
        {
            // What is known of a subgraph holds only inside it; its own constants are folded without them.
            foreach (var inner in node.Subgraphs)
            {
                Fold(inner, null);
            }

            if (node.Outputs.Count != 1 || outputs.Contains(node.Output) || Result(graph, node, shapes, casts) is not { } weight)
            {
                continue;
            }

            folded.Add(node);
            graph.Weights[node.Output] = weight;
        }

        graph.Nodes.RemoveAll(folded.Contains);
    }

    private static Weight? Result(ModelGraph graph, Node node, InferredShapes? shapes, Dictionary<(string, ElementType), Weight> casts)
    {
        if (node.Is("Constant"))
        {
            return Constant(node);
        }

        if (node.Input(0) is { } input && graph.Weights.TryGetValue(input, out var weight))
        {
            if (node.Is("Identity"))
            {
                return weight.With(node.Output);
            }

            if (node.Is("Cast"))
            {
                var type = (ElementType)node.Int("to");
                if (!casts.TryGetValue((input, type), out var cast) && weight.CastTo(type, node.Output) is { } made)
                {
                    casts[(input, type)] = cast = made;
                }

                if (cast is not null)
                {
                    return cast.With(node.Output);
                }
            }
        }

        return shapes?[node.Output] is { Numbers: { } numbers } info ? Integers(node.Output, info, numbers) : null;
    }

    private static Weight? Constant(Node node) =>
        node.Attributes.FirstOrDefault(pair => pair.Key.StartsWith("value", StringComparison.Ordinal)).Value switch
        {
            Weight value => value.With(node.Output),
            float value => Weight.Of<float>(node.Output, [], [value]),
            long value => Weight.Of<long>(node.Output, [], [value]),
            float[] values => Weight.Of<float>(node.Output, [values.Length], values),
            long[] values => Weight.Of<long>(node.Output, [values.Length], values),
            _ => null,
        };

    private static Weight? Integers(string name, TensorInfo info, long[] numbers)
    {
        if (info.Dims is null || info.Dims.Any(dim => dim.Value is null))
        {
            return null;
        }

        long[] dims = [.. info.Dims.Select(dim => dim.Value!.Value)];
        if (dims.Aggregate(1L, (count, dim) => count * dim) != numbers.Length)
        {
            return null;
        }

        return info.Type switch
        {
            ElementType.Int64 => Weight.Adopt(name, dims, numbers),
            ElementType.Int32 => Weight.Adopt(name, dims, Array.ConvertAll(numbers, x => (int)x)),
            ElementType.Bool => Weight.Adopt(name, dims, Array.ConvertAll(numbers, x => x != 0)),
            _ => null,
        };
    }
}
