using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>Σ_d e_id · ∂f/∂e_id (Shrikumar et al. 2016).</summary>
public sealed class InputXGradient : ISaliencyAlgorithm
{
    /// <inheritdoc/>
    public string Name => "input_x_gradient";

    /// <inheritdoc/>
    public string Title => "Input × gradient";

    /// <inheritdoc/>
    public IReadOnlyList<string> Options(SaliencyRequest request) => [];

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
        var embeddings = input.Embed();
        var result = await input.GradientsAsync([embeddings], cancellationToken).FirstAsync(cancellationToken).ConfigureAwait(false);
        return new TokenScores(
            GradientMath.Dots(embeddings.Tokens, result.Gradient, input.Row.Ids.Length),
            GradientMath.Dots(embeddings.Decoder, result.DecoderGradient, input.Row.DecoderIds.Length)
        )
        {
            Value = result.Score,
        };
    }
}
