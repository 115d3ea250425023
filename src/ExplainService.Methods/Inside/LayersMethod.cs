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
    public override string Summary => "What the model would have said after each layer";

    /// <inheritdoc/>
    public override JsonObject Example => new() { ["method"] = "lens" };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => LayersJson.Default;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [
        new("layers.lens", "Lens", [ModelFeature.Predict, ModelFeature.Layers])
        {
            Request = new() { ["method"] = "lens" },
            Refuses = NoLens,
        },
    ];

    /// <inheritdoc/>
    public override bool IsSeeded => false;

    /// <inheritdoc/>
    protected override long ExpectedRows(LayersRequest request, PreparedInput input, UnitHierarchy units) => 2;

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(LayersRequest request) =>
        Set(("spans", request.Spans), ("granularity", request.Granularity));

    /// <inheritdoc/>
    protected override async Task<LayersAnswer> ExplainAsync(
        LayersRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        if (request.Target?.Labels is not null)
        {
            throw InvalidRequestException.CannotDo("target.labels", "A lens is about one target; name one label.");
        }

        if (NoLens(context.Model.Description) is { } refusal)
        {
            throw InvalidRequestException.CannotDo("method", refusal);
        }

        return new LayersAnswer
        {
            Layers = await Lens.OfAsync(context, request.TopK ?? DefaultEntries, cancellationToken).ConfigureAwait(false),
            Evaluations = context.Work.Meter.Rows,
        };
    }

    private static string? NoLens(ModelDescription model) =>
        model.Task == ModelTask.Text2textGeneration
            ? "The model's encoder does not say what comes next; its decoder does, and reads the encoder's last layer alone."
            : null;
}
