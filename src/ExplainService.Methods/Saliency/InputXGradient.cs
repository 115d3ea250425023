namespace ExplainService.Methods.Saliency;

/// <summary>Σ_d e_id · ∂f/∂e_id (Shrikumar et al. 2016).</summary>
public sealed class InputXGradient : SingleGradient
{
    /// <inheritdoc/>
    public override string Name => "input_x_gradient";

    /// <inheritdoc/>
    public override string Title => "Input × gradient";

    /// <inheritdoc/>
    protected override double[] Scores(float[] embeddings, float[] gradient, int tokens, SaliencyRequest request) =>
        GradientMath.Dots(embeddings, gradient, tokens);
}
