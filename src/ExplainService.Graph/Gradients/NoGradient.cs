namespace ExplainService.Graph.Gradients;

/// <summary>Operators, and inputs, that a result does not change with as they change a little: the walk ends there.</summary>
/// <remarks>Not QuantizeLinear: what is left of it in a plain graph stands for numbers that the result does change with.</remarks>
internal static class NoGradient
{
    private static readonly HashSet<string> Operators =
    [
        .. (
            "Shape Size ConstantOfShape Range Equal Less LessOrEqual Greater GreaterOrEqual And Or Not Xor ArgMax ArgMin IsNaN IsInf NonZero "
            + "Sign Floor Ceil Round EyeLike RandomNormal RandomUniform RandomNormalLike RandomUniformLike Constant Hardmax BitShift "
            + "BitwiseAnd BitwiseOr BitwiseXor BitwiseNot Multinomial Bernoulli Unique NonMaxSuppression"
        ).Split(' '),
    ];

    /// <summary>Whether gradients stop at the operator.</summary>
    public static bool Contains(Node node) => node.Domain.Length == 0 && Operators.Contains(node.Op);

    /// <summary>Whether an input only chooses: which element is hot, which type a result has, how much is dropped.</summary>
    public static bool Chooses(Node node, int input) =>
        node.Domain.Length == 0
        && node.Op switch
        {
            "OneHot" => input < 2,
            "CastLike" or "Dropout" => input > 0,
            _ => false,
        };
}
