namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>
/// Half precision becomes float32 everywhere: a gradient of 1e-6 does not exist in float16, and sums of squares overflow at 65504. Every
/// float16 number is a float32 number, so this computes the same function with less rounding.
/// </summary>
internal static class Float32Widening
{
    private const long Float = (long)ElementType.Float;

    /// <summary>Rewrites in place.</summary>
    /// <returns>The precision that was widened; null where there was none.</returns>
    public static string? Apply(ModelGraph graph)
    {
        var found = Narrow(graph).FirstOrDefault();
        if (found == ElementType.Undefined)
        {
            return null;
        }

        Widen(graph);
        return found == ElementType.Float16 ? "float16" : "bfloat16";
    }

    private static bool IsNarrow(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16;

    private static IEnumerable<ElementType> Narrow(ModelGraph graph) =>
        graph
            .Weights.Values.Select(weight => weight.Type)
            .Concat(graph.Inputs.Select(input => input.Type))
            .Concat(graph.Nodes.Where(node => node.Is("Cast")).Select(node => (ElementType)node.Int("to")))
            .Where(IsNarrow)
            .Concat(graph.Nodes.SelectMany(node => node.Subgraphs).SelectMany(Narrow));

    private static void Widen(ModelGraph graph)
    {
        foreach (var (name, weight) in graph.Weights.Where(pair => IsNarrow(pair.Value.Type)).ToArray())
        {
            graph.Weights[name] = Widen(weight);
        }

        Widen(graph.Inputs);
        Widen(graph.Outputs);
        graph.Declared.Clear();
        foreach (var node in graph.Nodes)
        {
            foreach (var (name, value) in node.Attributes.ToArray())
            {
                switch (value)
                {
                    case Weight weight when IsNarrow(weight.Type):
                        node.Attributes[name] = Widen(weight);
                        break;
                    case ModelGraph inner:
                        Widen(inner);
                        break;
                    case long type when name is "to" or "dtype" or "output_dtype" && IsNarrow((ElementType)type):
                        node.Attributes[name] = Float;
                        break;
                }
            }
        }
    }

    private static void Widen(List<ValueInfo> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (IsNarrow(values[i].Type))
            {
                values[i] = values[i] with { Type = ElementType.Float };
            }
        }
    }

    private static Weight Widen(Weight weight) => Weight.Deferred(weight.Name, [.. weight.Dims], weight.ToFloats);
}
