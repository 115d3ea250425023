using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Patterns;

/// <summary>The matrix that joins what the heads of an attention give out.</summary>
internal static class OutputMatrix
{
    /// <summary>The weight, [heads · channels, hidden]; null: none was found.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="consumers">Who reads what in it.</param>
    /// <param name="map">The attention.</param>
    /// <returns>The weight, and whether the graph has it transposed.</returns>
    public static (string Weight, bool IsTransposed)? Find(ModelGraph graph, ILookup<string, Node> consumers, AttentionMap map)
    {
        var value = map.Product.Output.Name;
        // Heads are put side by side: a transposition and a reshape, and what exporters write around them.
        for (var hops = 0; hops < 12; hops++)
        {
            if (consumers[value].ToArray() is not [.., var reader])
            {
                return null;
            }

            switch (reader.Op)
            {
                case "MatMul" when reader.Inputs[0] == value && graph.Weights.ContainsKey(reader.Inputs[1]):
                    return (reader.Inputs[1], false);
                case "Gemm" when reader.Inputs[0] == value && reader.Int("transA") == 0 && graph.Weights.ContainsKey(reader.Inputs[1]):
                    return (reader.Inputs[1], reader.Int("transB") != 0);
                case "Transpose" or "Cast" or "Identity" or "Dropout":
                case var _ when reader.Has(OperatorTrait.Reshapes) && reader.Inputs[0] == value:
                    value = reader.Output;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }
}
