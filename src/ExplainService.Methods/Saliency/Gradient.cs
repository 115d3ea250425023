using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>‖∂f/∂e_i‖ (Simonyan et al. 2013).</summary>
public sealed class Gradient : ISaliencyAlgorithm
{
    /// <inheritdoc/>
    public string Name => "gradient";

    /// <inheritdoc/>
    public string Title => "Gradient";

    /// <inheritdoc/>
    public bool IsUnsigned(SaliencyRequest request) => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> Options(SaliencyRequest request) => ["norm"];

    /// <inheritdoc/>
    public long Points(SaliencyRequest request) => 1;

    /// <inheritdoc/>
    public string? NoPartialResultReason(SaliencyRequest request) => "this method takes a single step";

    /// <inheritdoc/>
    public async Task<TokenScores> AttributeAsync(
        SaliencyInput input,
        SaliencyRequest request,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    )
    {
        var norm = request.Norm ?? GradientNorm.L2;
        var result = await input.GradientsAsync([input.Embed()], cancellationToken).FirstAsync(cancellationToken).ConfigureAwait(false);
        return new TokenScores(
            GradientMath.Norms(result.Gradient, input.Row.Ids.Length, norm),
            GradientMath.Norms(result.DecoderGradient, input.Row.DecoderIds.Length, norm)
        )
        {
            Value = result.Score,
        };
    }
}
