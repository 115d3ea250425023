using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary><c>/layers</c>: what each layer contributes, or already knows.</summary>
public sealed class LayersMethod : ExplanationMethod<LayersRequest, LayersAnswer>
{
    private const int DefaultEntries = 5;

    /// <inheritdoc/>
    public override string Path => "/layers";

    /// <inheritdoc/>
    public override string Title => "Layers";

    /// <inheritdoc/>
    public override string Summary => "What each layer contributes, or already knows";

    /// <inheritdoc/>
    public override JsonObject Example => new() { ["method"] = "gradient_x_activation" };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => LayersJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [
        new("layers.gradient_x_activation", "Gradient × activation", [ModelFeature.Predict, ModelFeature.Gradient, ModelFeature.Layers])
        {
            Request = new() { ["method"] = "gradient_x_activation" },
            Refuses = SingleRow.Refuses,
        },
        new("layers.conductance", "Conductance", [ModelFeature.Predict, ModelFeature.Gradient, ModelFeature.Layers])
        {
            Request = new() { ["method"] = "conductance" },
            Refuses = SingleRow.Refuses,
        },
        new("layers.cp_lrp", "Relevance (CP-LRP)", [ModelFeature.Predict, ModelFeature.CpLrp, ModelFeature.Layers])
        {
            Request = new() { ["method"] = "cp_lrp" },
            Refuses = SingleRow.Refuses,
        },
        new("layers.attn_lrp", "Relevance (AttnLRP)", [ModelFeature.Predict, ModelFeature.AttnLrp, ModelFeature.Layers])
        {
            Request = new() { ["method"] = "attn_lrp" },
            Refuses = SingleRow.Refuses,
        },
        new("layers.lens", "Lens", [ModelFeature.Predict, ModelFeature.Layers])
        {
            Request = new() { ["method"] = "lens" },
            Refuses = NoLens,
        },
    ];

    /// <inheritdoc/>
    public override bool IsSeeded => false;

    /// <inheritdoc/>
    protected override string TitleOf(LayersRequest request) =>
        Features.Single(feature => feature.Name == "layers." + EnumNames.Of(request.Method ?? LayerMethod.GradientXActivation)).Title
        + " by layer";

    /// <inheritdoc/>
    protected override long ExpectedRows(LayersRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        request.Method == LayerMethod.Lens ? 2 : LayerPath.Points(request);

    /// <inheritdoc/>
    protected override long ExpectedBytes(LayersRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        8L * sizeof(float) * (model.Layers + 1) * input.Tokens.Count * model.EmbeddingSize;

    /// <inheritdoc/>
    protected override void Check(LayersRequest request)
    {
        if (request.Tolerance is not null && request.Steps > request.MaxSteps)
        {
            throw InvalidRequestException.Malformed("max_steps", "is below \"steps\", from which refinement starts");
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(LayersRequest request) =>
        Set(
            ("spans", request.Spans),
            ("granularity", request.Granularity),
            ("baseline", HasPath(request) ? null : request.Baseline),
            ("steps", HasSteps(request) ? null : request.Steps),
            ("quadrature", HasPath(request) ? null : request.Quadrature),
            ("tolerance", request.Method == LayerMethod.Conductance ? null : request.Tolerance),
            ("max_steps", request is { Method: LayerMethod.Conductance, Tolerance: not null } ? null : request.MaxSteps),
            ("top_k", request.Method == LayerMethod.Lens ? null : request.TopK)
        );

    /// <inheritdoc/>
    protected override async Task<LayersAnswer> ExplainAsync(
        LayersRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        SingleRow.Require(context);
        var method = request.Method ?? LayerMethod.GradientXActivation;
        if (method == LayerMethod.Lens && NoLens(context.Model.Description) is { } refusal)
        {
            throw InvalidRequestException.CannotDo("method", refusal);
        }

        var scores = method switch
        {
            LayerMethod.Lens => new LayerScores(
                await Lens.OfAsync(context, request.TopK ?? DefaultEntries, cancellationToken).ConfigureAwait(false)
            ),
            LayerMethod.Conductance => await LayerPath.ConductanceAsync(request, context, cancellationToken).ConfigureAwait(false),
            _ when HasPath(request) => await LayerPath
                .RelevanceAsync(request, context, PropagationOf(method), cancellationToken)
                .ConfigureAwait(false),
            _ => await LayerGradients.AtTextAsync(context, PropagationOf(method), cancellationToken).ConfigureAwait(false),
        };
        return new LayersAnswer
        {
            Method = EnumNames.Of(method),
            Layers = scores.Layers,
            Frozen = scores.Frozen,
            Steps = scores.Steps,
            CompletenessError = scores.CompletenessError,
            Evaluations = context.Work.Meter.Rows,
        };
    }

    /// <summary>Relevance is averaged over a path where there is more than one step.</summary>
    private static bool HasSteps(LayersRequest request) =>
        request.Method is LayerMethod.Conductance or LayerMethod.CpLrp or LayerMethod.AttnLrp;

    private static bool HasPath(LayersRequest request) =>
        request.Method == LayerMethod.Conductance || (HasSteps(request) && request.Steps > 1);

    private static Propagation PropagationOf(LayerMethod method) =>
        method switch
        {
            LayerMethod.CpLrp => Propagation.CpLrp,
            LayerMethod.AttnLrp => Propagation.AttnLrp,
            _ => Propagation.Gradient,
        };

    private static string? NoLens(ModelDescription model) =>
        model.Task == ModelTask.Text2textGeneration
            ? "The model's encoder does not say what comes next; its decoder does, and reads the encoder's last layer alone."
            : SingleRow.Refuses(model);
}
