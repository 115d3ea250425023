using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Numerics;
using ExplainService.Runtime;

namespace ExplainService.Methods.Faithfulness;

/// <summary>The same explanation of a model that is not quite, or not at all, what it was: for metrics that ask what becomes of the scores.</summary>
/// <param name="context">The outer request.</param>
/// <param name="explainer">Explains.</param>
/// <param name="metrics">What is measured.</param>
internal sealed class Recomputation(ExplanationContext context, SourceExplainer explainer, IReadOnlyList<Metric> metrics)
{
    /// <summary>Draws of noise.</summary>
    private const int Moves = 10;

    /// <summary>Models that are drawn anew at most, each of which is compiled.</summary>
    private const int MaxRandomised = 6;

    /// <summary>Texts that were scored or differentiated.</summary>
    public long Evaluations { get; private set; }

    /// <summary>What the metrics need of an explanation, beside what they have.</summary>
    /// <param name="evidence">What they have.</param>
    /// <param name="source">What the request says of the explanation.</param>
    /// <param name="field">Where it says so.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async Task<Evidence> AddAsync(Evidence evidence, ExplanationSource source, string field, CancellationToken cancellationToken)
    {
        if (source.Request is not { } request)
        {
            const string Foreign = "nobody here can compute the caller's scores anew";
            return evidence with { NotMoved = Foreign, NotRandomised = Foreign };
        }

        var (moved, notMoved) = await TryAsync<MaxSensitivity, double[][]>(() => MovedAsync(source, request, field, cancellationToken))
            .ConfigureAwait(false);
        var (randomised, notRandomised) = await TryAsync<Randomisation, (int Layers, double[] Scores)[]>(() =>
                RandomisedAsync(source, request, field, cancellationToken)
            )
            .ConfigureAwait(false);
        return evidence with { Moved = moved, NotMoved = notMoved, Randomised = randomised, NotRandomised = notRandomised };
    }

    /// <summary>What a metric needs, where it is measured, or why it cannot be had.</summary>
    private async Task<(T? Found, string? Reason)> TryAsync<TMetric, T>(Func<Task<T>> compute)
        where TMetric : Metric
        where T : class
    {
        try
        {
            return (metrics.Any(metric => metric is TMetric) ? await compute().ConfigureAwait(false) : null, null);
        }
        catch (Exception refused) when (refused is NotSupportedByModelException or NotFiniteException)
        {
            return (null, "the explanation cannot be computed anew: " + refused.Message.TrimEnd('.'));
        }
    }

    private async Task<double[][]> MovedAsync(
        ExplanationSource source,
        TextRequest request,
        string field,
        CancellationToken cancellationToken
    )
    {
        if (context.Input.Picture is not null)
        {
            throw new NotSupportedByModelException("pixels are not moved");
        }

        if (!context.Nested!.ReadsEmbeddings(request))
        {
            throw new NotSupportedByModelException(
                "attention maps are read off the text's own tokens, and cannot be had of moved embeddings"
            );
        }

        var draws = new double[Moves][];
        for (var draw = 0; draw < draws.Length; draw++)
        {
            var moved = context with { Model = new MovedModel(context.Model, context.Seed + draw) };
            draws[draw] = await ScoresAsync(source, request, field, moved, cancellationToken).ConfigureAwait(false);
        }

        return draws;
    }

    private async Task<(int Layers, double[] Scores)[]> RandomisedAsync(
        ExplanationSource source,
        TextRequest request,
        string field,
        CancellationToken cancellationToken
    )
    {
        var layers = context.Model.Description.Layers;
        if (layers == 0)
        {
            throw new NotSupportedByModelException(
                context.Model.Description.Unsupported.GetValueOrDefault(ModelFeature.Layers) ?? "the model's layers were not recognised"
            );
        }

        var steps = new (int, double[])[Math.Min(layers, MaxRandomised)];
        for (var step = 0; step < steps.Length; step++)
        {
            var top = layers * (step + 1) / steps.Length;

            // The same draws at every step: what was drawn anew stays so as more is.
            var random = new SeededRandom(context.Seed);
            var randomised = await context.Model.RandomiseAsync(top, random.NextGaussian, cancellationToken).ConfigureAwait(false);
            await using var freed = randomised.ConfigureAwait(false);
            var within = context with { Model = randomised.Model };
            steps[step] = (top, await ScoresAsync(source, request, field, within, cancellationToken).ConfigureAwait(false));
        }

        return steps;
    }

    private async Task<double[]> ScoresAsync(
        ExplanationSource source,
        TextRequest request,
        string field,
        ExplanationContext within,
        CancellationToken cancellationToken
    )
    {
        var found = await explainer.OfEndpointAsync(source, request, field, within, cancellationToken).ConfigureAwait(false);
        Evaluations += found.Answer.Evaluations ?? 0;
        return found.Scores.Scores;
    }
}
