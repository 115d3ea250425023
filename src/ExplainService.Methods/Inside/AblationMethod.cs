using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary><c>/ablation</c>: f without each head, neuron or layer (Michel et al. 2019, "Are Sixteen Heads Really Better than One?").</summary>
public sealed class AblationMethod : ExplanationMethod<AblationRequest, AblationAnswer>
{
    private const int MaxNeurons = 10_000;
    private const int MaxBackground = 1_000;

    /// <inheritdoc/>
    public override string Path => "/ablation";

    /// <inheritdoc/>
    public override string Title => "Ablation";

    /// <inheritdoc/>
    public override string Summary => "How the target falls when heads, neurons or layers are switched off";

    /// <inheritdoc/>
    public override JsonObject Example => new() { ["of"] = "heads" };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => AblationJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [
        new("ablation.heads", "Ablation of heads", [ModelFeature.Predict, ModelFeature.Layers])
        {
            Request = new() { ["of"] = "heads" },
            Refuses = SingleRow.Refuses,
        },
        new("ablation.neurons", "Ablation of neurons", [ModelFeature.Predict, ModelFeature.Neurons])
        {
            Request = new() { ["of"] = "neurons" },
            Refuses = SingleRow.Refuses,
        },
        new("ablation.layers", "Ablation of layers", [ModelFeature.Predict, ModelFeature.Layers])
        {
            Request = new() { ["of"] = "layers" },
            Refuses = SingleRow.Refuses,
        },
    ];

    /// <inheritdoc/>
    public override bool IsSeeded => false;

    /// <inheritdoc/>
    protected override long ExpectedRows(AblationRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        (request.Background?.Count ?? 0)
        + 1
        + (request.Of ?? AblatedParts.Heads) switch
        {
            AblatedParts.Heads => (long)(request.Layers?.Count ?? model.Layers) * model.Heads,
            AblatedParts.Neurons => request.Neurons!.Count,
            _ => request.Layers?.Count ?? model.Layers,
        };

    /// <inheritdoc/>
    protected override long ExpectedBytes(AblationRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        (request.Of ?? AblatedParts.Heads) == AblatedParts.Heads
            ? 3L * sizeof(float) * model.Layers * model.Heads * input.Tokens.Count * input.Tokens.Count
            : 0;

    /// <inheritdoc/>
    protected override void Check(AblationRequest request)
    {
        if (request.Neurons is { Count: > MaxNeurons })
        {
            throw InvalidRequestException.Malformed("neurons", FormattableString.Invariant($"must list at most {MaxNeurons} neurons"));
        }

        if (request.Of == AblatedParts.Neurons && request.Neurons is null)
        {
            throw InvalidRequestException.Malformed("neurons", "must list the neurons to switch off, as [{\"layer\": 0, \"neuron\": 5}]");
        }

        if (request.Background is { Count: 0 or > MaxBackground })
        {
            throw InvalidRequestException.Malformed("background", FormattableString.Invariant($"must hold 1 to {MaxBackground} texts"));
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(AblationRequest request) =>
        Set(
            ("spans", request.Spans),
            ("granularity", request.Granularity),
            ("neurons", request.Of == AblatedParts.Neurons ? null : request.Neurons),
            ("layers", request.Of == AblatedParts.Neurons ? request.Layers : null),
            ("background", request.By == AblationValue.Mean ? null : request.Background)
        );

    /// <inheritdoc/>
    protected override async Task<AblationAnswer> ExplainAsync(
        AblationRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        SingleRow.Require(context);
        var (model, window) = (context.Model.Description, context.Window);
        var of = request.Of ?? AblatedParts.Heads;
        var layers = IndexChoice.Of("layers", of == AblatedParts.Neurons ? null : request.Layers, model.Layers);
        IReadOnlyList<LayerPart> parts = of switch
        {
            AblatedParts.Heads =>
            [
                .. layers.SelectMany(layer => Enumerable.Range(0, model.Heads).Select(head => new LayerPart(layer, head))),
            ],
            AblatedParts.Neurons => NeuronChoice.Of(request.Neurons!, model),
            AblatedParts.Layers => [.. layers.Select(layer => new LayerPart(layer, 0))],
            _ => throw new UnreachableException($"{of}"),
        };
        var by = request.By ?? AblationValue.Zero;
        var spec = new AblationSpec(
            PartOf(of),
            by == AblationValue.Mean ? await MeansAsync(request, context, of, cancellationToken).ConfigureAwait(false) : null
        );

        // f of the model as it is, by the very form that the others run in: of a quantised model that is another function.
        var rows = parts.Select(part => new AblatedRow(window.Row, part)).Prepend(new AblatedRow(window.Row));
        var values = await context
            .Runner.AblateAsync(rows, spec, context.Work, cancellationToken)
            .Select(logits => window.Target.Score(logits)[context.Target.MainOutput])
            .ToArrayAsync(cancellationToken)
            .ConfigureAwait(false);
        double[] drops = [.. values.Skip(1).Select(value => values[0] - value)];
        var answer = new AblationAnswer { Value = values[0], By = by };
        answer = of switch
        {
            AblatedParts.Heads => answer with
            {
                HeadLayers = layers,
                Heads = await HeadsAsync(context, layers, drops, cancellationToken).ConfigureAwait(false),
            },
            AblatedParts.Neurons => answer with
            {
                Neurons = [.. parts.Zip(drops, (part, drop) => new AblatedNeuronAnswer(part.Layer, part.Index, drop))],
            },
            _ => answer with { Layers = [.. parts.Zip(drops, (part, drop) => new AblatedLayerAnswer(part.Layer, drop))] },
        };
        return answer with { Evaluations = context.Work.Meter.Rows };
    }

    private static async Task<IReadOnlyList<IReadOnlyList<HeadAnswer>>> HeadsAsync(
        ExplanationContext context,
        IReadOnlyList<int> layers,
        double[] drops,
        CancellationToken cancellationToken
    )
    {
        var (row, heads) = (context.Window.Row, context.Model.Description.Heads);
        var maps = await context
            .Runner.TapAsync([row], new AttentionTap(AttentionKind.Self), context.Work, cancellationToken)
            .FirstAsync(cancellationToken)
            .ConfigureAwait(false);
        maps = Finite.Attention(maps, layers, [.. Enumerable.Range(0, heads)]);
        var tokens = context.Input.Tokens.Tokens;
        // No two patches are the same token.
        int[] ids = context.Input.Picture is null ? row.Ids : [.. Enumerable.Range(0, row.Ids.Length)];
        var importance =
            context.Model.Description.Unsupported.ContainsKey(ModelFeature.Gradient) || InsideGradient.Sums(context)
                ? null
                : (
                    await InsideGradient
                        .OfAsync(context, Propagation.Gradient, GradientOutputs.Heads, cancellationToken)
                        .ConfigureAwait(false)
                )
                    .Inside!
                    .HeadImportance;
        return
        [
            .. layers.Select(
                (layer, place) =>
                    Enumerable
                        .Range(0, heads)
                        .Select(head => new HeadAnswer(
                            drops[(place * heads) + head],
                            HeadTypes.Of(maps.Values[layer][head], ids, token => token < tokens.Count && tokens[token].Special)
                        )
                        {
                            Importance = importance?[layer][head],
                        })
                        .ToArray()
            ),
        ];
    }

    private static Task<float[]> MeansAsync(
        AblationRequest request,
        ExplanationContext context,
        AblatedParts of,
        CancellationToken cancellationToken
    )
    {
        var rows = BackgroundRows.Of(context, request.Background, cancellationToken);
        return of switch
        {
            AblatedParts.Heads => BackgroundMeans.OfHeadsAsync(context, rows, cancellationToken),
            AblatedParts.Neurons => BackgroundMeans.OfNeuronsAsync(context, rows, cancellationToken),
            _ => BackgroundMeans.OfLayersAsync(context, rows, cancellationToken),
        };
    }

    private static ModelPart PartOf(AblatedParts of) =>
        of switch
        {
            AblatedParts.Heads => ModelPart.Head,
            AblatedParts.Neurons => ModelPart.Neuron,
            AblatedParts.Layers => ModelPart.Layer,
            _ => throw new UnreachableException($"{of}"),
        };
}
