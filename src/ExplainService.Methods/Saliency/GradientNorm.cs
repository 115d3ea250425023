namespace ExplainService.Methods.Saliency;

/// <summary>How a token's gradient vector becomes a number.</summary>
public enum GradientNorm
{
    /// <summary>Euclidean norm (default).</summary>
    L2,

    /// <summary>Sum of absolute entries.</summary>
    L1,

    /// <summary>Mean of absolute entries.</summary>
    MeanAbs,
}
