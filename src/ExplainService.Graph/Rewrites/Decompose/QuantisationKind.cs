namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>How a graph is quantised, in words.</summary>
internal static class QuantisationKind
{
    private static readonly HashSet<string> Dynamic = ["DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM"];
    private static readonly HashSet<string> Static = ["QuantizeLinear", "QLinearMatMul", "QGemm", "QAttention", "QLinearAdd", "QLinearMul"];

    /// <summary>Such as <c>int8, dynamic</c>; null where nothing is quantised.</summary>
    public static string? Of(ModelGraph graph)
    {
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        var activations = false;
        foreach (var node in graph.Nodes)
        {
            if (Dynamic.Contains(node.Op))
            {
                kinds.Add("int8, dynamic");
            }
            else if (Static.Contains(node.Op))
            {
                kinds.Add("int8, static");
            }
            else if (node.Op is "MatMulNBits" or "GatherBlockQuantized")
            {
                kinds.Add(FormattableString.Invariant($"{node.Int("bits", 4)}-bit weights"));
            }
            else
            {
                continue;
            }

            activations |= Dynamic.Contains(node.Op) || Static.Contains(node.Op);
        }

        if (!activations)
        {
            foreach (var node in graph.Nodes.Where(node => node.Op == "DequantizeLinear"))
            {
                if (graph.Weights.TryGetValue(node.Inputs[0], out var weight))
                {
                    kinds.Add($"{Name(weight.Type)} weights");
                }
            }
        }

        return kinds.Count == 0 ? null : string.Join("; ", kinds);
    }

    private static string Name(ElementType type) => type is ElementType.UInt4 or ElementType.Int4 ? "4-bit" : "int8";
}
