namespace ExplainService.Methods.Saliency;

/// <summary>‖∂f/∂e_i‖ (Simonyan et al. 2013).</summary>
public sealed class Gradient : SingleGradient
{
    /// <inheritdoc/>
    public override string Name => "gradient";

    /// <inheritdoc/>
    public override string Title => "Gradient";

    /// <inheritdoc/>
    public override bool IsUnsigned(SaliencyRequest request) => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Options(SaliencyRequest request) => ["norm"];

    /// <inheritdoc/>
    protected override double[] Scores(float[] embeddings, float[] gradient, int tokens, SaliencyRequest request) =>
        GradientMath.Norms(gradient, tokens, request.Norm ?? GradientNorm.L2);
}
