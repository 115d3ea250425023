namespace ExplainService.Graph.Gradients;

/// <summary>Operators whose result does not change with small changes of their inputs: the walk ends there.</summary>
internal static class NoGradient
{
    private static readonly HashSet<string> Operators =
    [
        .. (
            "Shape Size ConstantOfShape Range Equal Less LessOrEqual Greater GreaterOrEqual And Or Not Xor ArgMax ArgMin IsNaN IsInf NonZero "
            + "Sign Floor Ceil Round OneHot EyeLike RandomNormal RandomUniform RandomNormalLike RandomUniformLike Constant Hardmax BitShift "
            + "BitwiseAnd BitwiseOr BitwiseXor BitwiseNot Multinomial Bernoulli Unique NonMaxSuppression QuantizeLinear"
        ).Split(' '),
    ];

    /// <summary>Whether gradients stop at the operator.</summary>
    public static bool Contains(Node node) => node.Domain.Length == 0 && Operators.Contains(node.Op);
}
