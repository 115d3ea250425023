using ExplainService.Methods.Contracts;
using ExplainService.Text;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>‖∂f/∂e_i‖ (Simonyan et al. 2013).</summary>
public sealed class Gradient : ISaliencyAlgorithm
{
    /// <inheritdoc/>
    public SaliencyMethod Method => SaliencyMethod.Gradient;

    /// <inheritdoc/>
    public IReadOnlyList<string> Options(SaliencyRequest request) => ["norm"];

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
        var norm = request.Norm ?? GradientNorm.L2;
        var result = await problem.GradientsAsync([problem.Input()], cancellationToken).FirstAsync(cancellationToken).ConfigureAwait(false);
        return new TokenScores(
            GradientMath.Norms(result.Gradient, problem.Row.Ids.Length, norm),
            GradientMath.Norms(result.DecoderGradient, problem.Row.DecoderIds.Length, norm)
        )
        {
            Value = result.Score,
        };
    }
}
