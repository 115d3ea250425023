using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Attention;

/// <summary><c>/attention</c>: the maps themselves, or what they say together.</summary>
public sealed class AttentionMethod : ExplanationMethod<AttentionRequest, AttentionAnswer>
{
    /// <inheritdoc/>
    public override string Path => "/attention";

    /// <inheritdoc/>
    public override string Title => "Attention";

    /// <inheritdoc/>
    public override string Summary => "Attention maps, one by one or combined";

    /// <inheritdoc/>
    public override JsonObject Example => new() { ["aggregate"] = "rollout" };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => AttentionJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [
        .. Enum.GetValues<AttentionAggregate>()
            .Select(aggregate => new SupportedFeature(
                "attention." + EnumNames.Of(aggregate),
                TitleOf(aggregate),
                aggregate switch
                {
                    AttentionAggregate.GradientRelevance => [ModelFeature.Predict, ModelFeature.Attention, ModelFeature.AttentionGradient],
                    AttentionAggregate.ValueZeroing or AttentionAggregate.Norms => [ModelFeature.Attention, ModelFeature.Layers],
                    _ => [ModelFeature.Attention],
                }
            )
            {
                Refuses = aggregate == AttentionAggregate.GradientRelevance ? RelevanceAnswer.Refuses : null,
                Request = new() { ["aggregate"] = EnumNames.Of(aggregate) },
                Comparison = aggregate is AttentionAggregate.Rollout or AttentionAggregate.GradientRelevance
                    ? new() { ["aggregate"] = EnumNames.Of(aggregate) }
                    : null,
            }),
    ];

    /// <inheritdoc/>
    protected override string TitleOf(AttentionRequest request) => TitleOf(request.Aggregate ?? AttentionAggregate.None);

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override bool ScoresParts => true;

    /// <inheritdoc/>
    protected override string? NoWindowsReason(AttentionRequest request) => WindowedAttention.Refuses(request);

    /// <inheritdoc/>
    /// <remarks>The maps of every layer and head as the graph gives them, as they are read, and as they are answered.</remarks>
    protected override long ExpectedBytes(AttentionRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units)
    {
        // Windows are read one after the other.
        long tokens = input.InWindows ? input.Windows.Max(window => window.Count) : input.Tokens.Count;
        return 3 * sizeof(float) * model.AttentionLayers.Values.Sum() * model.Heads * tokens * tokens;
    }

    /// <inheritdoc/>
    protected override long ExpectedRows(AttentionRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        request.Aggregate == AttentionAggregate.ValueZeroing ? 1 + ((long)(request.Layers?.Count ?? model.Layers) * input.Tokens.Count) : 0;

    /// <inheritdoc/>
    protected override bool NeedsTarget(AttentionRequest request) => request.Aggregate == AttentionAggregate.GradientRelevance;

    /// <inheritdoc/>
    protected override bool ReadsEmbeddings(AttentionRequest request) => request.Aggregate == AttentionAggregate.GradientRelevance;

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(AttentionRequest request) => Set(("spans", request.Spans));

    /// <inheritdoc/>
    protected override async Task<AttentionAnswer> ExplainAsync(
        AttentionRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.Resolved?.Shown is { } shown)
        {
            context = context.Of(shown.Input, shown.Window, shown);
        }

        var answer = context.Input.InWindows
            ? await WindowedAttention.OfAsync(request, context, ByTokensAsync, cancellationToken).ConfigureAwait(false)
            : await ByTokensAsync(request, context, cancellationToken).ConfigureAwait(false);
        answer = answer.Tokens.Count > 0 ? answer : answer with { Tokens = context.Input.TokenAnswers() };
        return UnitAttention.Of(request, context.Input, answer);
    }

    private static async Task<AttentionAnswer> ByTokensAsync(
        AttentionRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var kind = request.Kind ?? AttentionKind.Self;
        var aggregate = request.Aggregate ?? AttentionAggregate.None;
        var model = context.Model.Description;
        if (!model.AttentionLayers.TryGetValue(kind, out var layerCount) || layerCount == 0)
        {
            throw model.Unsupported.TryGetValue(ModelFeature.Attention, out var why)
                ? new NotSupportedByModelException(why)
                : InvalidRequestException.CannotDo("kind", $"This model has no {EnumNames.Of(kind)} attention.");
        }

        var layers = IndexChoice.Of("layers", request.Layers, layerCount);
        var heads = IndexChoice.Of("heads", request.Heads, model.Heads);
        var answer = new AttentionAnswer
        {
            Layers = layers,
            Heads = heads,
            Kind = kind,
            Unsigned = true,
            ExplainsTarget = aggregate == AttentionAggregate.GradientRelevance,
        };
        if (request.Target?.Labels is not null)
        {
            throw InvalidRequestException.CannotDo("target.labels", "Attention is that of a single pass over the text; name one label.");
        }

        if (aggregate == AttentionAggregate.GradientRelevance)
        {
            return RelevanceAnswer.Refuses(model) is { } refusal
                ? throw InvalidRequestException.CannotDo("aggregate", refusal)
                : await RelevanceAnswer.OfAsync(context, answer, layers, heads, cancellationToken).ConfigureAwait(false);
        }

        var row = context.Row;
        if (aggregate is AttentionAggregate.ValueZeroing or AttentionAggregate.Norms)
        {
            return await LayerMaps.OfAsync(context, answer, aggregate, row, cancellationToken).ConfigureAwait(false);
        }

        var maps = await MapsAsync(context, row, kind, cancellationToken).ConfigureAwait(false);
        answer = await CombineAsync(
                context,
                answer,
                kind,
                aggregate,
                Finite.Attention(maps, layers, heads),
                layers,
                heads,
                cancellationToken
            )
            .ConfigureAwait(false);
        if (context.Resolved?.Generation is { } generation && row.DecoderIds.Length > 0)
        {
            answer = answer with
            {
                Generated = await GeneratedAttention
                    .OfSeq2SeqAsync(
                        context,
                        generation,
                        (kind, maps, layers, heads),
                        aggregate == AttentionAggregate.Max,
                        cancellationToken
                    )
                    .ConfigureAwait(false),
            };
        }

        return answer with
        {
            Evaluations = context.Work.Meter.Rows,
        };
    }

    /// <summary>The maps of the row; of two texts that are compared those of each, in one with nothing between them.</summary>
    private static async Task<AttentionMaps> MapsAsync(
        ExplanationContext context,
        TokenRow row,
        AttentionKind kind,
        CancellationToken cancellationToken
    )
    {
        var rows = context.Resolved?.Joint is null ? [row] : context.Resolved.Windows.Select(window => window.Row).ToArray();
        var maps = await context
            .Runner.TapAsync(rows, new AttentionTap(kind), context.Work, cancellationToken)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        return maps.Aggregate(
            (first, second) =>
                new AttentionMaps(
                    [.. first.Values.Zip(second.Values, (a, b) => a.Zip(b, SquareBlocks.Join).ToArray())],
                    first.Queries + second.Queries,
                    first.Keys + second.Keys
                )
        );
    }

    private static async Task<AttentionAnswer> CombineAsync(
        ExplanationContext context,
        AttentionAnswer answer,
        AttentionKind kind,
        AttentionAggregate aggregate,
        AttentionMaps maps,
        IReadOnlyList<int> layers,
        IReadOnlyList<int> heads,
        CancellationToken cancellationToken
    )
    {
        if (aggregate is AttentionAggregate.None or AttentionAggregate.Mean or AttentionAggregate.Max)
        {
            var combined = HeadReduction.Reduce(maps, layers, heads, largest: aggregate == AttentionAggregate.Max);
            var isCausal = kind == AttentionKind.Self && context.Model.Description.Task == ModelTask.TextGeneration;
            return answer with
            {
                Attention =
                    aggregate == AttentionAggregate.None
                        ?
                        [
                            .. layers.Select(layer =>
                                heads.Select(head => AttentionMath.Rows(maps.Values[layer][head], maps.Keys)).ToArray()
                            ),
                        ]
                        : null,
                Matrix = aggregate == AttentionAggregate.None ? null : AttentionMath.Rows(combined, maps.Queries, maps.Keys),
                Generated = isCausal ? GeneratedAttention.OfSelf(context, combined, maps.Keys) : answer.Generated,
            };
        }

        if (kind == AttentionKind.Cross)
        {
            throw InvalidRequestException.CannotDo(
                "aggregate",
                $"\"{EnumNames.Of(aggregate)}\" follows self-attention through the layers; cross-attention has \"none\", \"mean\" and \"max\"."
            );
        }

        var n = maps.Keys;
        if (aggregate == AttentionAggregate.Flow && n > AttentionFlow.MaxTokens)
        {
            throw InvalidRequestException.CannotDo(
                "aggregate",
                FormattableString.Invariant(
                    $"\"flow\" solves a maximum-flow problem for every pair of tokens; the text has {n} tokens and the limit is {AttentionFlow.MaxTokens}. \"rollout\" has no such limit."
                )
            );
        }

        // In the order of the model, whatever order the request names them in.
        var means = layers.Order().Select(layer => AttentionMath.MeanHeads(maps.Values[layer], heads)).ToArray();
        var matrix =
            aggregate == AttentionAggregate.Rollout
                ? Rollout.Matrix(means, n)
                : await AttentionFlow.MatrixAsync(means, n, cancellationToken).ConfigureAwait(false);
        return WithScores(context, answer, kind, matrix, n);
    }

    private static AttentionAnswer WithScores(
        ExplanationContext context,
        AttentionAnswer answer,
        AttentionKind kind,
        double[] matrix,
        int n
    )
    {
        var scores = HeadRows.Row(context, kind, matrix, n);
        if (kind == AttentionKind.Self)
        {
            // A causal row goes on behind the text: those tokens' scores are with the generated ones.
            scores = scores[..context.Input.Tokens.Count];
        }

        return answer with
        {
            Matrix = AttentionMath.Rows(matrix, n, n),
            Scores = scores,
            Tokens = context.Input.TokenAnswers(kind == AttentionKind.Self ? scores : null),
            Generated =
                context.Model.Description.Task == ModelTask.TextGeneration
                    ? GeneratedAttention.OfSelf(context, matrix, n)
                    : answer.Generated,
        };
    }

    private static string TitleOf(AttentionAggregate aggregate) =>
        aggregate == AttentionAggregate.None ? "Attention" : "Attention, " + EnumNames.Of(aggregate).Replace('_', ' ');
}
