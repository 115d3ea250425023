namespace ExplainService.Methods.Saliency;

/// <summary>What SmoothGrad averages over noisy copies of the input.</summary>
public enum SmoothedScore
{
    /// <summary>The norm of the gradient (default).</summary>
    Gradient,

    /// <summary>Input times gradient.</summary>
    InputXGradient,
}
