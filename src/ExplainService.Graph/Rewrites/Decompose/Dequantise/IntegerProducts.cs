namespace ExplainService.Graph.Rewrites.Decompose.Dequantise;

/// <summary>com.microsoft.DynamicQuantizeMatMul: float input, quantised weight.</summary>
internal sealed class DynamicQuantizeMatMulRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "DynamicQuantizeMatMul")];

    public bool Apply(RewriteStep step)
    {
        if (step.Quantised.Real(step.Node.Inputs[1], step.Node.Inputs[2], step.Node.Input(3)) is not { } weight)
        {
            return false;
        }

        var product = step.Need(0).MatMul(weight);
        step.Out(0, step.In(4) is { } bias ? product + bias : product);
        return true;
    }
}

/// <summary>com.microsoft.MatMulIntegerToFloat: both quantised, float out.</summary>
internal sealed class MatMulIntegerToFloatRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "MatMulIntegerToFloat")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        if (
            step.Quantised.Real(node.Inputs[0], node.Inputs[2], node.Input(4)) is not { } left
            || step.Quantised.Real(node.Inputs[1], node.Inputs[3], node.Input(5)) is not { } right
        )
        {
            return false;
        }

        var product = left.MatMul(right);
        step.Out(0, step.In(6) is { } bias ? product + bias : product);
        return true;
    }
}

/// <summary>QLinearMatMul: quantised in, quantised out.</summary>
internal sealed class QLinearMatMulRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("", "QLinearMatMul")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        if (
            step.Quantised.Real(node.Inputs[0], node.Inputs[1], node.Input(2)) is not { } left
            || step.Quantised.Real(node.Inputs[3], node.Inputs[4], node.Input(5)) is not { } right
        )
        {
            return false;
        }

        step.Quantised.Learn(node.Output, left.MatMul(right));
        // The quantised output itself has no float counterpart: whoever dequantises it asks what it stands for.
        return false;
    }
}

/// <summary>com.microsoft.QLinearAdd and QLinearMul.</summary>
internal sealed class QLinearElementwiseRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "QLinearAdd"), ("com.microsoft", "QLinearMul")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        if (
            step.Quantised.Real(node.Inputs[0], node.Inputs[1], node.Input(2)) is { } left
            && step.Quantised.Real(node.Inputs[3], node.Inputs[4], node.Input(5)) is { } right
        )
        {
            step.Quantised.Learn(node.Output, node.Op == "QLinearAdd" ? left + right : left * right);
        }

        return false;
    }
}

/// <summary>
/// com.microsoft.QGemm: its bias is in units of the product of both scales; float out, or quantised where an output scale is given.
/// </summary>
internal sealed class QGemmRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "QGemm")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        var axis = node.Int("transB") != 0 ? 0 : 1;
        if (
            step.Quantised.Real(node.Inputs[0], node.Inputs[1], node.Input(2)) is not { } left
            || step.Quantised.Real(node.Inputs[3], node.Inputs[4], node.Input(5), axis) is not { } right
        )
        {
            return false;
        }

        var alpha = node.Float("alpha", 1);
        var bias = step.In(6) is { } units ? units.Cast(ElementType.Float) * (step.Need(1) * step.Need(4) * alpha) : null;
        var product = step.Tape.Emit(
            "Gemm",
            [left, right, bias],
            ("alpha", alpha),
            ("transA", node.Int("transA")),
            ("transB", node.Int("transB"))
        );
        if (step.In(7) is not null)
        {
            step.Quantised.Learn(node.Output, product);
            return false;
        }

        step.Out(0, product);
        return true;
    }
}
