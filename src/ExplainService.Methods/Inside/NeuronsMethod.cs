using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary><c>/neurons</c>: which inner activations are strong, which fire together, and what raises them.</summary>
public sealed class NeuronsMethod : ExplanationMethod<NeuronsRequest, NeuronsAnswer>
{
    private const int MaxNeurons = 100;

    /// <summary>Activations times factors that are split in one request: some seconds of work.</summary>
    private const long MaxFactorWork = 400_000_000;
    private const int MaxTexts = 10_000;

    /// <inheritdoc/>
    public override string Path => "/neurons";

    /// <inheritdoc/>
    public override string Title => "Neurons";

    /// <inheritdoc/>
    public override string Summary => "Which neurons are strong at which tokens, which fire together, and what raises them";

    /// <inheritdoc/>
    public override JsonObject Example => new() { ["top_k"] = 5 };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => NeuronsJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [
        new("neurons.activation", "Neurons by activation", [ModelFeature.Neurons]) { Request = new() { ["by"] = "activation" } },
        new("neurons.cp_lrp", "Neurons by relevance", [ModelFeature.Predict, ModelFeature.CpLrp, ModelFeature.Neurons])
        {
            Request = new() { ["by"] = "cp_lrp" },
            Refuses = SingleRow.Refuses,
        },
        new(
            "neurons.gradient_x_activation",
            "Neurons by gradient × activation",
            [ModelFeature.Predict, ModelFeature.Gradient, ModelFeature.Neurons]
        )
        {
            Request = new() { ["by"] = "gradient_x_activation" },
            Refuses = SingleRow.Refuses,
        },
    ];

    /// <inheritdoc/>
    protected override bool NeedsTarget(NeuronsRequest request) => By(request) != NeuronMeasure.Activation;

    /// <inheritdoc/>
    protected override long ExpectedRows(NeuronsRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        1 + (2 * (request.Corpus?.Count ?? 0));

    /// <inheritdoc/>
    protected override long ExpectedBytes(NeuronsRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        4L * sizeof(float) * model.Layers * model.Neurons * input.Tokens.Count;

    /// <inheritdoc/>
    protected override void Check(NeuronsRequest request)
    {
        if (request.Neurons is { Count: > MaxNeurons })
        {
            throw InvalidRequestException.Malformed("neurons", FormattableString.Invariant($"must list at most {MaxNeurons} neurons"));
        }

        if (request.Corpus is { Count: 0 or > MaxTexts })
        {
            throw InvalidRequestException.Malformed("corpus", FormattableString.Invariant($"must hold 1 to {MaxTexts} texts"));
        }

        if ((request.Corpus is not null || request.Observes) && request.Neurons is null)
        {
            throw InvalidRequestException.Malformed("neurons", "must be given: their meanings are looked for in the corpus");
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(NeuronsRequest request) =>
        Set(("spans", request.Spans), ("granularity", request.Granularity));

    /// <inheritdoc/>
    protected override async Task<NeuronsAnswer> ExplainAsync(
        NeuronsRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        SingleRow.Require(context);
        if (context.Input.Picture is not null && (request.Corpus is not null || request.Observes))
        {
            throw InvalidRequestException.CannotDo(
                "corpus",
                "Meanings of neurons are looked for in texts, which this model does not read."
            );
        }

        var layers = IndexChoice.Of("layers", request.Layers, context.Model.Description.Layers);
        var most = request.TopK ?? NeuronsRequest.DefaultTopK;
        var named = request.Neurons is { } wanted ? NeuronChoice.Of(wanted, context.Model.Description) : null;
        if (named?.Any(part => !layers.Contains(part.Layer)) == true)
        {
            throw InvalidRequestException.CannotDo("neurons", "A neuron's layer is not among the layers that the request names.");
        }

        var (activations, scores) =
            By(request) == NeuronMeasure.Activation
                ? (await ActivationsAsync(context, layers, cancellationToken).ConfigureAwait(false), null)
                : await AttributedAsync(context, By(request), layers, cancellationToken).ConfigureAwait(false);
        var tokens = context.Input.Tokens.Count;
        return new NeuronsAnswer
        {
            ExplainsTarget = scores is not null,
            Layers =
            [
                .. layers.Select(
                    (layer, place) =>
                        new LayerNeurons(layer, Strongest(activations.Layers[place], scores?[place], activations.Size, tokens, most))
                ),
            ],
            Activations =
            [
                .. (named ?? StrongestInText(context, layers, scores ?? activations.Layers, activations.Size)).Select(part =>
                    OverTokens(part, activations.Layers[PlaceOf(layers, part.Layer)], activations.Size, tokens)
                ),
            ],
            Factors = request.Factors is { } count
                ? await FactorsAsync(context, activations, layers, count, most, cancellationToken).ConfigureAwait(false)
                : null,
            Meanings = request.Corpus is { } corpus
                ? await NeuronMeanings.OfAsync(context, named!, corpus, most, cancellationToken).ConfigureAwait(false)
                : null,
            Observed = request.Observes ? Observed(context, named!, layers, activations, most) : null,
            Evaluations = context.Work.Meter.Rows,
        };
    }

    private static async Task<IReadOnlyList<FactorAnswer>> FactorsAsync(
        ExplanationContext context,
        LayerValues activations,
        IReadOnlyList<int> layers,
        int count,
        int most,
        CancellationToken cancellationToken
    )
    {
        var tokens = context.Input.Tokens.Count;
        if ((long)tokens * layers.Count * activations.Size * count > MaxFactorWork)
        {
            throw InvalidRequestException.CannotDo(
                "factors",
                "So many activations are not split into so many factors; name fewer layers or factors."
            );
        }

        return await LongComputation
            .RunAsync(
                () => ActivationFactors.Of(activations, layers, tokens, count, most, context.Seed, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private static NeuronText Observed(
        ExplanationContext context,
        IReadOnlyList<LayerPart> neurons,
        IReadOnlyList<int> layers,
        LayerValues activations,
        int most
    )
    {
        var text = new CorpusText(0, context.Input.Text, context.Input.Tokens, context.Input.Offsets.Unit);
        var observed = NeuronText.Of(text, neurons, layer => activations.Layers[PlaceOf(layers, layer)], activations.Size, most);
        return context.Model.Description.Task == ModelTask.TextClassification
            ? observed with
            {
                Labels = context.Resolved?.Prediction.Labels ?? [],
            }
            : observed;
    }

    private static int PlaceOf(IReadOnlyList<int> layers, int layer) => layers.Index().First(one => one.Item == layer).Index;

    private static NeuronMeasure By(NeuronsRequest request) => request.By ?? NeuronMeasure.Activation;

    private static async Task<LayerValues> ActivationsAsync(
        ExplanationContext context,
        IReadOnlyList<int> layers,
        CancellationToken cancellationToken
    )
    {
        var all = await context
            .Runner.TapAsync([context.Row], new ActivationsTap(), context.Work, cancellationToken)
            .FirstAsync(cancellationToken)
            .ConfigureAwait(false);
        return Finite.Values(new LayerValues([.. layers.Select(layer => all.Layers[layer])], all.Size));
    }

    private static async Task<(LayerValues Activations, IReadOnlyList<float[]> Scores)> AttributedAsync(
        ExplanationContext context,
        NeuronMeasure by,
        IReadOnlyList<int> layers,
        CancellationToken cancellationToken
    )
    {
        var propagation = by == NeuronMeasure.CpLrp ? Propagation.CpLrp : Propagation.Gradient;
        var result = await InsideGradient.OfAsync(context, propagation, GradientOutputs.Neurons, cancellationToken).ConfigureAwait(false);
        var inside = result.Inside!;
        return (
            new LayerValues([.. layers.Select(layer => inside.Activations[layer])], context.Model.Description.Neurons),
            [.. layers.Select(layer => inside.NeuronScores[layer])]
        );
    }

    /// <summary>
    /// Each layer's strongest neuron at a token of the text. A few neurons of many models are huge at special tokens and say nothing of any
    /// text (Sun et al. 2024, "Massive Activations in Large Language Models").
    /// </summary>
    private static IReadOnlyList<LayerPart> StrongestInText(
        ExplanationContext context,
        IReadOnlyList<int> layers,
        IReadOnlyList<float[]> values,
        int neurons
    )
    {
        var all = context.Input.Tokens.Tokens;
        int[] tokens = [.. Enumerable.Range(0, all.Count).Where(token => !all[token].Special)];
        tokens = tokens.Length > 0 ? tokens : [0];
        return
        [
            .. layers.Select(
                (layer, place) =>
                    new LayerPart(
                        layer,
                        Enumerable
                            .Range(0, neurons)
                            .MaxBy(neuron => tokens.Max(token => Math.Abs(values[place][(token * neurons) + neuron])))
                    )
            ),
        ];
    }

    /// <param name="part">The neuron.</param>
    /// <param name="values">[tokens × neurons] of its layer.</param>
    /// <param name="neurons">How many a token has.</param>
    /// <param name="tokens">Tokens of the text.</param>
    private static NeuronActivations OverTokens(LayerPart part, float[] values, int neurons, int tokens) =>
        new(part.Layer, part.Index, [.. Enumerable.Range(0, tokens).Select(token => (double)values[(token * neurons) + part.Index])]);

    /// <summary>
    /// Neurons by their largest absolute activation (or score, where there are scores), each at the token where it has it; of equal ones the
    /// first.
    /// </summary>
    /// <param name="values">[tokens × neurons].</param>
    /// <param name="scores">[tokens × neurons]; null: none.</param>
    /// <param name="neurons">How many a token has.</param>
    /// <param name="tokens">Tokens of the text; what a model wrote stands behind them.</param>
    /// <param name="most">How many are listed.</param>
    private static NeuronAnswer[] Strongest(float[] values, float[]? scores, int neurons, int tokens, int most) =>
        [
            .. Enumerable
                .Range(0, neurons)
                .Select(neuron =>
                {
                    var token = Enumerable.Range(0, tokens).MaxBy(token => Math.Abs((scores ?? values)[(token * neurons) + neuron]));
                    var place = (token * neurons) + neuron;
                    return new NeuronAnswer(neuron, token, values[place]) { Score = scores?[place] };
                })
                .OrderByDescending(answer => Math.Abs(answer.Score ?? answer.Activation))
                .Take(most),
        ];
}
