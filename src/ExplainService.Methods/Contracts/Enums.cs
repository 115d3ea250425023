namespace ExplainService.Methods.Contracts;

/// <summary>What a text that is longer than the model takes is to become.</summary>
public enum Overflow
{
    /// <summary>Refused, with the count and the options (default).</summary>
    Error,

    /// <summary>Cut at the end; the answer says what was not seen, and a unit that was cut ends where that begins.</summary>
    Truncate,

    /// <summary>
    /// Read in overlapping windows that are scored together (perturbation methods). Of two texts the windows slide over the longer one (for
    /// a question over its context), and each shows all of the other.
    /// </summary>
    Window,
}

/// <summary>How the scores of several windows become one.</summary>
public enum WindowReduction
{
    /// <summary>The mean of the target's score over the windows (default).</summary>
    Mean,

    /// <summary>The largest.</summary>
    Max,
}

/// <summary>What offsets count.</summary>
public enum OffsetUnit
{
    /// <summary>UTF-16 code units, as JavaScript and C# index strings (default).</summary>
    Utf16,

    /// <summary>Unicode code points, as Python does.</summary>
    Codepoint,
}

/// <summary>How attention maps are combined.</summary>
public enum AttentionAggregate
{
    /// <summary>Every map of the chosen layers and heads (default).</summary>
    None,

    /// <summary>Mean over the chosen layers and heads.</summary>
    Mean,

    /// <summary>Largest over the chosen layers and heads.</summary>
    Max,

    /// <summary>Abnar and Zuidema 2020.</summary>
    Rollout,

    /// <summary>Maximum flow, Abnar and Zuidema 2020.</summary>
    Flow,

    /// <summary>Chefer et al. 2021.</summary>
    GradientRelevance,
}

/// <summary>White-box attribution methods of <c>/saliency</c>.</summary>
public enum SaliencyAlgorithm
{
    /// <summary>Norm of the gradient (Simonyan et al. 2013).</summary>
    Gradient,

    /// <summary>Input times gradient (Shrikumar et al. 2016).</summary>
    InputXGradient,

    /// <summary>Integrated gradients (Sundararajan et al. 2017), the default.</summary>
    IntegratedGradients,

    /// <summary>SmoothGrad (Smilkov et al. 2017).</summary>
    SmoothGrad,

    /// <summary>Expected gradients (Erion et al. 2021).</summary>
    GradientShap,
}

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

/// <summary>What SmoothGrad averages over noisy copies of the input.</summary>
public enum SmoothedScore
{
    /// <summary>The norm of the gradient (default).</summary>
    Gradient,

    /// <summary>Input times gradient.</summary>
    InputXGradient,
}

/// <summary>Rules of numerical integration.</summary>
public enum QuadratureRule
{
    /// <summary>Gauss–Legendre (default).</summary>
    GaussLegendre,

    /// <summary>Trapezoid rule, both ends included, weights that sum to 1.</summary>
    Trapezoid,
}

/// <summary>Estimators of Shapley values.</summary>
public enum ShapAlgorithm
{
    /// <summary>Chosen by the number of units and the budget; the answer says which (default).</summary>
    Auto,

    /// <summary>Every coalition.</summary>
    Exact,

    /// <summary>Weighted least squares on sampled coalitions.</summary>
    Kernel,

    /// <summary>Antithetic permutations.</summary>
    Permutation,

    /// <summary>Owen values over a tree of adjacent units.</summary>
    Partition,
}
