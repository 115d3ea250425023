using ExplainService.Methods.Contracts;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>Σ_d (e_id − b_id) · ∫₀¹ g_id(b + α(e − b)) dα (Sundararajan et al. 2017).</summary>
public sealed class IntegratedGradients : ISaliencyAlgorithm
{
    /// <summary>Steps where the request gives neither steps nor a tolerance.</summary>
    public const int DefaultSteps = 50;

    /// <summary>The most steps where the request does not say.</summary>
    public const int DefaultMaxSteps = 400;

    /// <summary>Its name in the API: what a request explains by that names no method.</summary>
    public const string AlgorithmName = "integrated_gradients";

    private const int FirstAdaptiveSteps = 8;

    /// <summary>f at both ends of the path.</summary>
    private const int Ends = 2;

    /// <summary>Where refinement ends: steps that the request names are not lowered by a limit that it does not.</summary>
    public static int MaxSteps(SaliencyRequest request) => request.MaxSteps ?? Math.Max(DefaultMaxSteps, request.Steps ?? 0);

    /// <inheritdoc/>
    public string Name => AlgorithmName;

    /// <inheritdoc/>
    public string Title => "Integrated gradients";

    /// <inheritdoc/>
    public bool HasBaseline(SaliencyRequest request) => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> Options(SaliencyRequest request) =>
        ["baseline", "steps", "quadrature", "tolerance", .. request.Tolerance is null ? (string[])[] : ["max_steps"]];

    /// <inheritdoc/>
    public long Points(SaliencyRequest request) => Ends + Rounds(request).Sum();

    /// <inheritdoc/>
    public string? NoPartialResultReason(SaliencyRequest request) =>
        request.Tolerance is not null
            ? null
            : "a quadrature of fixed steps cannot return a partial result; with a \"tolerance\" it is refined until the deadline";

    /// <inheritdoc/>
    public async Task<TokenScores> AttributeAsync(
        SaliencyInput input,
        SaliencyRequest request,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    )
    {
        var embeddings = input.Embed();
        var baseline = BaselinePoint.Embed(input, request, tokenizer);
        var ends = await EndsAsync(input, baseline, embeddings, cancellationToken).ConfigureAwait(false);
        TokenScores? best = null;
        foreach (var steps in Rounds(request))
        {
            if (
                await IntegrateAsync(input, request, baseline, embeddings, ends, steps, cancellationToken).ConfigureAwait(false)
                is not { } scores
            )
            {
                break;
            }

            best = scores;
            if (scores.CompletenessError <= request.Tolerance || input.Deadline.Passed)
            {
                break;
            }
        }

        return best ?? throw new NoPartialResultException();
    }

    /// <summary>The steps of each try: one without a tolerance, else twice as many each time until the most.</summary>
    private static IEnumerable<int> Rounds(SaliencyRequest request)
    {
        if (request.Tolerance is null)
        {
            yield return request.Steps ?? DefaultSteps;
            yield break;
        }

        var most = MaxSteps(request);
        var steps = Math.Min(request.Steps ?? FirstAdaptiveSteps, most);
        for (; steps < most; steps *= 2)
        {
            yield return steps;
        }

        yield return most;
    }

    /// <summary>f at both ends of the path: what a complete attribution adds up to.</summary>
    private static async Task<(double Baseline, double Input)> EndsAsync(
        SaliencyInput input,
        Embeddings baseline,
        Embeddings embeddings,
        CancellationToken cancellationToken
    )
    {
        var scores = new List<double>(Ends);
        await foreach (var result in input.GradientsAsync([baseline, embeddings], cancellationToken).ConfigureAwait(false))
        {
            scores.Add(result.Score);
        }

        return scores.Count == Ends ? (scores[0], scores[1]) : throw new NoPartialResultException();
    }

    /// <summary>The integral; null if there was no time for all of its points, of which some alone make no rule.</summary>
    private static async Task<TokenScores?> IntegrateAsync(
        SaliencyInput input,
        SaliencyRequest request,
        Embeddings baseline,
        Embeddings embeddings,
        (double Baseline, double Input) ends,
        int steps,
        CancellationToken cancellationToken
    )
    {
        var rule = QuadraturePoints.Of(request.Quadrature, steps);
        var mean = new double[embeddings.Tokens.Length];
        var decoderMean = new double[embeddings.Decoder.Length];
        var path = new List<PathPoint>(steps + 2) { new(0, ends.Baseline) };
        var step = 0;
        var points = rule.Nodes.Select(alpha => Embeddings.Between(baseline, embeddings, alpha));
        await foreach (var result in input.GradientsAsync(points, cancellationToken).ConfigureAwait(false))
        {
            GradientMath.Accumulate(mean, result.Gradient, rule.Weights[step]);
            GradientMath.Accumulate(decoderMean, result.DecoderGradient, rule.Weights[step]);
            path.Add(new PathPoint(rule.Nodes[step++], result.Score));
        }

        if (step < steps)
        {
            return null;
        }

        path.Add(new PathPoint(1, ends.Input));
        var tokens = GradientMath.Attributions(embeddings.Tokens, baseline.Tokens, mean, input.Row.Ids.Length);
        var decoder = GradientMath.Attributions(embeddings.Decoder, baseline.Decoder, decoderMean, input.Row.DecoderIds.Length);
        var change = ends.Input - ends.Baseline;
        return new TokenScores(tokens, decoder)
        {
            Change = change,
            CompletenessError = Math.Abs(tokens.Sum() + decoder.Sum() - change),
            Value = ends.Input,
            Steps = steps,
            Path = path,
        };
    }
}
