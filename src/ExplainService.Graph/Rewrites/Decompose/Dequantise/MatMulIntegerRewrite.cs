using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose.Dequantise;

/// <summary>
/// What dynamic quantisation makes of a product: MatMulInteger of rounded operands, Cast, and Mul by both scales. Recognised at its last
/// operator; the others have no reader then.
/// </summary>
internal sealed class MatMulIntegerRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("", "Mul")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        var real = Product(step, node.Inputs[0], node.Inputs[1]) ?? Product(step, node.Inputs[1], node.Inputs[0]);
        if (real is null)
        {
            return false;
        }

        step.Out(0, real);
        return true;
    }

    private static Value? Product(RewriteStep step, string cast, string scales)
    {
        var values = step.Quantised;
        if (
            values.Producer(cast) is not { Op: "Cast" } widening
            || values.Producer(widening.Inputs[0]) is not { Op: "MatMulInteger" } product
        )
        {
            return null;
        }

        if (values.Producer(scales) is not { Op: "Mul" } both || values.ScaleOf(product.Inputs[0]) is not { } left)
        {
            return null;
        }

        var right =
            both.Inputs[0] == left ? both.Inputs[1]
            : both.Inputs[1] == left ? both.Inputs[0]
            : null;
        if (right is null)
        {
            return null;
        }

        var a = values.Real(product.Inputs[0], left, product.Input(2));
        var b = values.Real(product.Inputs[1], right, product.Input(3));
        return a is null || b is null ? null : a.MatMul(b);
    }
}
