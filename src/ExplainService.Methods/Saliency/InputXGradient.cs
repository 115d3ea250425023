using ExplainService.Methods.Contracts;
using ExplainService.Text;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>Σ_d e_id · ∂f/∂e_id (Shrikumar et al. 2016).</summary>
public sealed class InputXGradient : ISaliencyAlgorithm
{
    /// <inheritdoc/>
    public SaliencyMethod Method => SaliencyMethod.InputXGradient;

    /// <inheritdoc/>
    public IReadOnlyList<string> Options(SaliencyRequest request) => [];

    /// <inheritdoc/>
    public long Points(SaliencyRequest request) => 1;

    /// <inheritdoc/>
    public string? NoPartialResultReason(SaliencyRequest request) => "this method takes a single step";

    /// <inheritdoc/>
    public async Task<TokenScores> AttributeAsync(
        SaliencyProblem problem,
        SaliencyRequest request,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    )
    {
        var input = problem.Input();
        var result = await problem.GradientsAsync([input], cancellationToken).FirstAsync(cancellationToken).ConfigureAwait(false);
        return new TokenScores(
            GradientMath.Dots(input.Tokens, result.Gradient, problem.Row.Ids.Length),
            GradientMath.Dots(input.Decoder, result.DecoderGradient, problem.Row.DecoderIds.Length)
        )
        {
            Value = result.Score,
        };
    }
}
