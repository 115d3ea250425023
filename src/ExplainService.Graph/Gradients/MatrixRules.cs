using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>
/// Matrix products. Transposed operands are read in place by ONNX Runtime's transposing product: no second copy of a weight.
/// </summary>
internal static class MatrixRules
{
    /// <summary>Y = A B: dA = G Bᵀ, dB = Aᵀ G.</summary>
    public static void MatMul(GradientStep step)
    {
        var (left, right) = (step.RankOf(0), step.RankOf(1));
        if (left < 2 || right < 2)
        {
            Vectors(step, left, right);
            return;
        }

        step.GiveSummed(0, () => Product(step.G, step.In(1), transposeRight: true));
        step.GiveSummed(1, () => Product(step.In(0), step.G, transposeLeft: true));
    }

    /// <summary>Y = α op(A) op(B) + β C.</summary>
    public static void Gemm(GradientStep step)
    {
        var (left, right) = (step.Node.Int("transA") != 0, step.Node.Int("transB") != 0);
        var (alpha, beta) = (step.Node.Float("alpha", 1), step.Node.Float("beta", 1));
        step.Give(
            0,
            () => Scale(left ? Gemm(step, step.In(1), step.G, right, true) : Gemm(step, step.G, step.In(1), false, !right), alpha)
        );
        step.Give(1, () => Scale(right ? Gemm(step, step.G, step.In(0), true, left) : Gemm(step, step.In(0), step.G, !left, false), alpha));
        step.GiveSummed(2, () => Scale(step.G, beta));
    }

    /// <summary>The product over the last two axes, either operand transposed in place where ONNX Runtime can (float32).</summary>
    public static Value Product(Value left, Value right, bool transposeLeft = false, bool transposeRight = false)
    {
        var tape = left.Tape;
        if (left.Type is ElementType.Float or ElementType.Undefined)
        {
            tape.Graph.Opsets.TryAdd("com.microsoft", 1);
            return tape.Emit(
                "FusedMatMul",
                [left, right],
                1,
                "com.microsoft",
                ("transA", transposeLeft ? 1L : 0L),
                ("transB", transposeRight ? 1L : 0L)
            )[0];
        }

        return (transposeLeft ? SwapLast(left) : left).MatMul(transposeRight ? SwapLast(right) : right);
    }

    private static Value Gemm(GradientStep step, Value a, Value b, bool transposeA, bool transposeB) =>
        step.Tape.Emit("Gemm", [a, b], ("transA", transposeA ? 1L : 0L), ("transB", transposeB ? 1L : 0L));

    private static Value Scale(Value value, double factor) => factor == 1 ? value : value * factor;

    private static Value SwapLast(Value value)
    {
        var rank = value.Rank!.Value;
        return value.Transpose([.. Enumerable.Range(0, rank - 2).Select(axis => (long)axis), rank - 1, rank - 2]);
    }

    /// <summary>A vector on either side is a matrix with one row or column.</summary>
    private static void Vectors(GradientStep step, int left, int right)
    {
        var a = left == 1 ? step.In(0).Unsqueeze(0) : step.In(0);
        var b = right == 1 ? step.In(1).Unsqueeze(1) : step.In(1);
        var g = step.G;
        if (right == 1)
        {
            g = g.Unsqueeze(-1);
        }

        if (left == 1)
        {
            g = g.Unsqueeze(-2);
        }

        step.Give(
            0,
            () =>
                left == 1
                    ? Broadcasting.Undo(Product(g, b, transposeRight: true), a).Squeeze(0)
                    : Broadcasting.Undo(Product(g, b, transposeRight: true), a)
        );
        step.Give(
            1,
            () =>
                right == 1
                    ? Broadcasting.Undo(Product(a, g, transposeLeft: true), b).Squeeze(1)
                    : Broadcasting.Undo(Product(a, g, transposeLeft: true), b)
        );
    }
}
