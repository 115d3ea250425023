using System.Text.Json;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Attention;

/// <summary><c>/attention</c>: the maps themselves, or what they say together.</summary>
public sealed class AttentionEndpoint : ExplanationMethod<AttentionRequest>
{
    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [.. Enum.GetValues<AttentionAggregate>().Select(aggregate =>
        new SupportedFeature("attention." + NameOf(aggregate), aggregate == AttentionAggregate.GradientRelevance
            ? [ModelFeature.Predict, ModelFeature.Attention, ModelFeature.AttentionGradient]
            : [ModelFeature.Attention]))];

    /// <inheritdoc/>
    protected override async Task<Explanation> ExplainAsync(
        AttentionRequest request, ExplanationContext context, CancellationToken cancellationToken)
    {
        var kind = request.Kind ?? AttentionKind.Self;
        var aggregate = request.Aggregate ?? AttentionAggregate.None;
        var model = context.Model.Description;
        if (!model.AttentionLayers.TryGetValue(kind, out var layerCount) || layerCount == 0)
        {
            throw model.Unsupported.TryGetValue(ModelFeature.Attention, out var why)
                ? new NotSupportedByModelException(why)
                : InvalidRequestException.CannotDo("kind", $"this model has no {NameOf(kind)} attention");
        }

        var layers = Chosen("layers", request.Layers, layerCount);
        var heads = Chosen("heads", request.Heads, model.Heads);
        var answer = context.Answer("attention") with { Layers = layers, Heads = heads };
        if (aggregate == AttentionAggregate.GradientRelevance)
        {
            return await RelevanceAsync(context, answer, kind, layers, heads, cancellationToken).ConfigureAwait(false);
        }

        var row = context.Reading?.Windows[0].Row ?? new ModelRow { Ids = context.Input.Tokens.Ids, TypeIds = context.Input.Tokens.TypeIds };
        var maps = await context.Runner.AttendAsync([row], kind, context.Work, cancellationToken).FirstAsync(cancellationToken).ConfigureAwait(false);
        return Combine(context, answer, aggregate, maps, layers, heads, cancellationToken) with { Evaluations = context.Work.Meter.Rows };
    }

    private static Explanation Combine(
        ExplanationContext context,
        Explanation answer,
        AttentionAggregate aggregate,
        AttentionMaps maps,
        IReadOnlyList<int> layers,
        IReadOnlyList<int> heads,
        CancellationToken cancellationToken)
    {
        if (aggregate == AttentionAggregate.None)
        {
            return answer with { Attention = [.. layers.Select(layer => heads.Select(head => Map(maps, layer, head)).ToArray())] };
        }

        if (aggregate is AttentionAggregate.Mean or AttentionAggregate.Max)
        {
            var combined = HeadReduction.Of(maps, layers, heads, largest: aggregate == AttentionAggregate.Max);
            return answer with { Matrix = AttentionMath.Rows(combined, maps.Queries, maps.Keys) };
        }

        if (maps.Queries != maps.Keys)
        {
            throw InvalidRequestException.CannotDo("aggregate", $"\"{NameOf(aggregate)}\" follows self-attention through the layers; cross-attention has \"none\", \"mean\" and \"max\"");
        }

        var n = maps.Keys;
        if (aggregate == AttentionAggregate.Flow && n > AttentionFlow.MostTokens)
        {
            throw InvalidRequestException.CannotDo("aggregate", FormattableString.Invariant(
                $"\"flow\" solves a maximum-flow problem for every pair of tokens; the text has {n} tokens, the most are {AttentionFlow.MostTokens}. \"rollout\" has no such limit"));
        }

        var means = layers.Select(layer => AttentionMath.MeanHeads(maps.Values[layer], heads)).ToArray();
        var matrix = aggregate == AttentionAggregate.Rollout ? Rollout.Of(means, n) : AttentionFlow.Of(means, n, cancellationToken);
        return WithScores(context, answer, matrix, n);
    }

    private static async Task<Explanation> RelevanceAsync(
        ExplanationContext context, Explanation answer, AttentionKind kind, IReadOnlyList<int> layers, IReadOnlyList<int> heads, CancellationToken cancellationToken)
    {
        if (kind != AttentionKind.Self)
        {
            throw InvalidRequestException.CannotDo("aggregate", "\"gradient_relevance\" follows the self-attention of the input's tokens");
        }

        var window = context.Window;
        var (row, targets) = GradientTargets.Of(window, window.Target.Outputs[context.Target.MainOutput]);
        var mask = heads.Count == context.Model.Description.Heads ? 0UL : heads.Aggregate(0UL, (bits, head) => bits | (1UL << head));
        var spec = new GradientSpec(window.Target.Objective, window.Target.Link, GradientOutputs.AttentionRelevance, mask);
        var result = await context.Runner.GradientAsync([new GradientRow(row, targets)], spec, context.Work, cancellationToken)
            .FirstAsync(cancellationToken).ConfigureAwait(false);
        var n = row.Ids.Length;
        var matrix = GradientRelevance.Of([.. layers.Select(layer => result.Relevance![layer])], n);
        return WithScores(context, answer, matrix, n) with { Evaluations = context.Work.Meter.Rows };
    }

    private static Explanation WithScores(ExplanationContext context, Explanation answer, double[] matrix, int n)
    {
        var scores = HeadReading.Row(context, matrix, n);
        var perToken = scores.Length == context.Input.Tokens.Tokens.Count ? scores : null;
        return answer with
        {
            Matrix = AttentionMath.Rows(matrix, n, n),
            Scores = scores,
            Tokens = context.Input.TokenAnswers(perToken),
        };
    }

    private static float[][] Map(AttentionMaps maps, int layer, int head)
    {
        var map = maps.Values[layer][head];
        return [.. Enumerable.Range(0, maps.Queries).Select(query => map.AsSpan(query * maps.Keys, maps.Keys).ToArray())];
    }

    private static IReadOnlyList<int> Chosen(string field, IReadOnlyList<int>? wanted, int count)
    {
        if (wanted is null)
        {
            return [.. Enumerable.Range(0, count)];
        }

        if (wanted.Count == 0 || wanted.Distinct().Count() != wanted.Count)
        {
            throw InvalidRequestException.Malformed(field, "must list each index once, at least one");
        }

        return wanted.All(index => index >= 0 && index < count)
            ? wanted
            : throw InvalidRequestException.CannotDo(field, FormattableString.Invariant($"the model has {field} 0 to {count - 1}"));
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
