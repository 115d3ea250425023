using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>
/// Σ_d e_id · g̃_id, where g̃ is the gradient of the graph whose scale factors stand still. With several steps g̃ is the mean over points of
/// the path from the baseline to the text, as integrated gradients have it.
/// </summary>
public abstract class Relevance : ISaliencyAlgorithm
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Title { get; }

    /// <inheritdoc/>
    public abstract Propagation Propagation { get; }

    /// <inheritdoc/>
    public abstract ModelFeature Needs { get; }

    /// <inheritdoc/>
    public bool IsAtText(SaliencyRequest request) => !HasBaseline(request);

    /// <inheritdoc/>
    public bool StartsAtMask => true;

    /// <inheritdoc/>
    public bool HasBaseline(SaliencyRequest request) => Points(request) > 1;

    /// <inheritdoc/>
    public IReadOnlyList<string> Options(SaliencyRequest request) => HasBaseline(request) ? ["steps", "baseline", "quadrature"] : ["steps"];

    /// <inheritdoc/>
    public long Points(SaliencyRequest request) => request.Steps ?? 1;

    /// <inheritdoc/>
    public string? NoPartialResultReason(SaliencyRequest request) =>
        HasBaseline(request) ? "a mean over fixed steps cannot return a partial result" : "this method takes a single step";

    /// <inheritdoc/>
    public async Task<TokenScores> AttributeAsync(
        SaliencyInput input,
        SaliencyRequest request,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    )
    {
        var embeddings = input.Embed();
        var rule = HasBaseline(request) ? QuadraturePoints.Of(request.Quadrature, request.Steps!.Value) : null;
        var baseline = rule is null ? embeddings : BaselinePoint.Embed(input, request, tokenizer);
        var points = rule is null ? [embeddings] : rule.Nodes.Select(alpha => Embeddings.Between(baseline, embeddings, alpha));
        var (mean, decoderMean) = (new double[embeddings.Tokens.Length], new double[embeddings.Decoder.Length]);
        GradientResult? last = null;
        var step = 0;
        await foreach (var result in input.GradientsAsync(points, cancellationToken).ConfigureAwait(false))
        {
            var weight = rule?.Weights[step] ?? 1;
            GradientMath.Accumulate(mean, result.Gradient, weight);
            GradientMath.Accumulate(decoderMean, result.DecoderGradient, weight);
            last = result;
            step++;
        }

        return last is null || step < Points(request)
            ? throw new NoPartialResultException()
            : new TokenScores(
                GradientMath.Attributions(embeddings.Tokens, mean, input.Parts),
                GradientMath.Attributions(embeddings.Decoder, decoderMean, input.Row.DecoderIds.Length)
            )
            {
                Value = rule is null ? last.Score : null,
                Steps = step,
                Frozen = last.Frozen,
            };
    }
}
