using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Forms;

/// <summary>
/// How much of each token reaches each: ‖Σ_h A_h[i][j] · W_O^h v_j^h‖₂, [batch, queries, keys] a layer (Kobayashi et al. 2020). The vectors
/// themselves are queries × keys × hidden numbers; their norms are quadratic forms in the heads' weights, one matrix [heads × heads] a key.
/// </summary>
public sealed record AttentionNorms : GraphTap
{
    /// <inheritdoc/>
    public override string Name => "attention_norms";

    internal override void Emit(Tape tape, GraphReport report)
    {
        var consumers = tape.Graph.Consumers();
        var blocks = HiddenStates.Blocks(report);
        for (var layer = 0; layer < blocks.Count; layer++)
        {
            var map = blocks[layer].Map;
            var (weight, isTransposed) =
                OutputMatrix.Find(tape.Graph, consumers, map)
                ?? throw new NotSupportedException("The matrix that joins the heads of its attention was not found in the graph.");
            var values = map.ArrangeValues(tape[map.Product.Values.Name]).Cast(ElementType.Float);
            tape.Output(Norms(map, values, Matrix(tape, map, weight, isTransposed)), FormNames.Norms(layer));
        }
    }

    /// <summary>The matrix of each head, [heads, channels, hidden].</summary>
    private static Value Matrix(Tape tape, AttentionMap map, string name, bool isTransposed)
    {
        var matrix = isTransposed ? tape[name].Transpose(1, 0) : tape[name];
        return map.Heads is { } heads && matrix.Info.Dims is [{ Value: { } rows }, _] && rows % heads == 0
            ? matrix.Cast(ElementType.Float).Reshape(heads, rows / heads, -1)
            : throw new NotSupportedException("The matrix that joins the heads of its attention does not fit their number.");
    }

    private static Value Norms(AttentionMap map, Value values, Value matrix)
    {
        var tape = values.Tape;
        // [batch, keys, heads, hidden], then the products of the heads' vectors with each other, [batch, keys, heads, heads].
        var vectors = values.MatMul(matrix).Transpose(0, 2, 1, 3);
        var products = vectors.MatMul(vectors.Transpose(0, 1, 3, 2));
        var weights = map.Arrange(tape[map.Output]).Cast(ElementType.Float).Transpose(0, 3, 2, 1);
        var squares = (weights.MatMul(products) * weights).ReduceSum([-1], keepdims: false);
        return tape.Emit("Relu", squares).Sqrt().Transpose(0, 2, 1);
    }
}
