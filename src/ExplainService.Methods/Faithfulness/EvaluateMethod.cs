using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Faithfulness;

/// <summary><c>/evaluate</c>: how far an explanation can be trusted, of this service or of anybody.</summary>
public sealed class EvaluateMethod : ExplanationMethod<EvaluateRequest, EvaluateAnswer>
{
    /// <inheritdoc/>
    public override string Path => "/evaluate";

    /// <inheritdoc/>
    public override string Title => "Faithfulness";

    /// <inheritdoc/>
    public override string Summary => "How far an explanation can be trusted";

    /// <inheritdoc/>
    public override JsonObject Example =>
        new()
        {
            ["explanation"] = new JsonObject { ["endpoint"] = "/occlusion" },
            ["metrics"] = new JsonArray("area", "comprehensiveness"),
        };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => EvaluateJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [new("evaluate", "Faithfulness", [ModelFeature.Predict])];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override bool Perturbs => true;

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Word;

    /// <inheritdoc/>
    public override bool ScoresParts => false;

    /// <inheritdoc/>
    public override bool AsksAgain => true;

    /// <inheritdoc/>
    protected override EvaluateRequest Normalised(EvaluateRequest request)
    {
        if (request.Explanation is not { } source)
        {
            return request;
        }

        var lifted = request with { };
        Sources.Lift(lifted, source, "explanation");
        return Sources.OnUnitsOf(lifted, [(source, "explanation")]);
    }

    /// <inheritdoc/>
    protected override long ExpectedRows(EvaluateRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        (
            Math.Min(JudgedCost.Most(request.MaxEvaluations, input), MeasurementOf(request).Rows(units.Leaves.Units.Count, explanations: 1))
            * input.Windows.Count
        ) + (request.Explanation is { } source ? JudgedCost.Rows([source], request, model, input, units) : 0);

    /// <inheritdoc/>
    protected override void Check(EvaluateRequest request) => Measurement.Check(request.Metrics, request.Replacements);

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(EvaluateRequest request) =>
        Set(("rationale", Measurement.HeedsRationale(request.Metrics) ? null : request.Rationale));

    /// <inheritdoc/>
    protected override async Task<EvaluateAnswer> ExplainAsync(
        EvaluateRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        JudgedContext.Check(context);
        var budget = new EvaluationBudget(JudgedCost.Most(request.MaxEvaluations, context.Input));
        var source = request.Explanation ?? DefaultSource(context);
        var explainer = new SourceExplainer(context);
        explainer.Check(source, "explanation");
        var measurement = MeasurementOf(request);
        var evidence = Measurement.EvidenceOf(context, request.Rationale);
        var tables = await measurement.TablesAsync(context, budget, cancellationToken).ConfigureAwait(false);
        var explained = await explainer.ExplainAsync(source, "explanation", cancellationToken).ConfigureAwait(false);
        budget.Spend(JudgedCost.Of(context, 0, explained.Answer));
        var recomputation = new Recomputation(context, explainer, measurement.Metrics);
        evidence = await recomputation.AddAsync(evidence, source, "explanation", cancellationToken).ConfigureAwait(false);
        var judge = new Judge(measurement.Metrics, tables, measurement.RandomOrders, measurement.Normalise, context.Warnings);
        var judged = new JudgedExplanation("", explained.Scores, evidence);
        var figures = await judge.MeasureAsync([judged], context.Seed, cancellationToken).ConfigureAwait(false);
        return new EvaluateAnswer
        {
            Explanation = explained.Answer,
            Metrics = figures[0],
            Evaluations = JudgedCost.Whole(context, budget, recomputation),
        };
    }

    private static Measurement MeasurementOf(EvaluateRequest request) =>
        new(
            MetricList.Of(request.Metrics, request.Rationale is not null),
            request.Replacements ?? Measurement.DefaultsOf(request),
            request.RandomOrders ?? Measurement.DefaultRandomOrders,
            request.Normalise ?? false
        );

    private static ExplanationSource DefaultSource(ExplanationContext context)
    {
        var endpoint = context.Nested!.Supports(context.Model.Description, "saliency.integrated_gradients") ? "/saliency" : "/occlusion";
        return new ExplanationSource { Endpoint = endpoint, Request = context.Nested.Default(endpoint) };
    }
}
