using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Faithfulness;

/// <summary><c>/compare</c>: which explanation of a text, or of many, can be trusted most.</summary>
public sealed class CompareMethod : ExplanationMethod<CompareRequest, CompareAnswer>, ISeveralTexts
{
    private static readonly string[] DefaultMetrics = ["area", "comprehensiveness", "sufficiency"];

    /// <inheritdoc/>
    public override string Path => "/compare";

    /// <inheritdoc/>
    public override string Title => "Comparison";

    /// <inheritdoc/>
    public override string Summary => "Which explanation can be trusted most";

    /// <inheritdoc/>
    public override JsonObject Example =>
        new()
        {
            ["methods"] = new JsonArray(
                new JsonObject { ["endpoint"] = "/saliency", ["method"] = "input_x_gradient" },
                new JsonObject { ["endpoint"] = "/occlusion" }
            ),
        };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => CompareJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [new("compare", "Comparison", [ModelFeature.Predict])];

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
    TextRequest ISeveralTexts.One(TextRequest request, int index)
    {
        var several = (CompareRequest)request;
        return several with
        {
            Texts = null,
            Text = several.Texts![index],
            Rationales = null,
            Rationale = several.Rationales?[index] is { Count: > 0 } spans ? spans : null,
        };
    }

    /// <inheritdoc/>
    InvalidRequestException ISeveralTexts.Refused(InvalidRequestException refused, int index) =>
        refused
            .Renamed("text", FormattableString.Invariant($"texts[{index}]"))
            .Renamed("rationale", FormattableString.Invariant($"rationales[{index}]"));

    /// <inheritdoc/>
    Explanation ISeveralTexts.Kept(Explanation answer) =>
        (CompareAnswer)answer with
        {
            Explanations = null,
            Tokens = [],
            Prediction = null,
        };

    /// <inheritdoc/>
    Explanation ISeveralTexts.Joined(TextRequest request, IReadOnlyList<Explanation> answers)
    {
        var sums = new ComparisonSums();
        foreach (var answer in answers.Cast<CompareAnswer>())
        {
            sums.Add(answer);
        }

        return sums.Answer();
    }

    /// <inheritdoc/>
    protected override CompareRequest Normalised(CompareRequest request)
    {
        if (request.Methods is not { } sources)
        {
            return request;
        }

        var lifted = request with { };
        (ExplanationSource Source, string Field)[] placed = [.. sources.Select((source, index) => (source, FieldOf(index)))];
        foreach (var (source, field) in placed)
        {
            Sources.Lift(lifted, source, field);
        }

        return Sources.OnUnitsOf(lifted, placed);
    }

    /// <inheritdoc/>
    protected override long ExpectedRows(CompareRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        Math.Min(
            JudgedCost.Most(request.MaxEvaluations, input) * (long)input.Windows.Count,
            (MeasurementOf(request).Rows(units.Leaves.Units.Count, request.Methods?.Count ?? MethodNames.Defaults) * input.Windows.Count)
                + JudgedCost.Rows(request.Methods ?? [], request, model, input, units)
        );

    /// <inheritdoc/>
    protected override void Check(CompareRequest request)
    {
        Measurement.Check(request.Metrics, request.Replacements);
        CheckRationales(request);
        if (request.Methods is not { } sources)
        {
            return;
        }

        if (sources.Count is < 2 or > CompareRequest.MaxMethods)
        {
            throw InvalidRequestException.Malformed(
                "methods",
                FormattableString.Invariant($"must have from 2 to {CompareRequest.MaxMethods} methods")
            );
        }

        MethodNames.Of(sources);
        foreach (var (index, source) in sources.Index())
        {
            if (source.Scores is { } scores)
            {
                CheckSpans(request, scores, FieldOf(index) + ".scores");
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(CompareRequest request) =>
        Set(("rationale", Measurement.HeedsRationale(request.Metrics) ? null : request.Rationale));

    /// <inheritdoc/>
    protected override async Task<CompareAnswer> ExplainAsync(
        CompareRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        JudgedContext.Check(context);
        var budget = new EvaluationBudget(JudgedCost.Most(request.MaxEvaluations, context.Input));
        var sources = request.Methods ?? MethodNames.Default(context.Nested!, context.Model.Description);
        var names = MethodNames.Of(sources);
        var explainer = new SourceExplainer(context);
        foreach (var (index, source) in sources.Index())
        {
            explainer.Check(source, FieldOf(index));
        }

        var measurement = MeasurementOf(request);
        var evidence = Measurement.EvidenceOf(context, request.Rationale);
        var tables = await measurement.TablesAsync(context, budget, cancellationToken).ConfigureAwait(false);
        budget.Spend(context.Input.InWindows ? 1 : context.Work.Meter.Rows);
        var recomputation = new Recomputation(context, explainer, measurement.Metrics);
        var explained = new List<ExplainedSource>();
        var judged = new List<JudgedExplanation>();
        foreach (var (index, source) in sources.Index())
        {
            if (IsTooDear(source, context, budget))
            {
                context.Warnings.Add(
                    new Warning(
                        WarningCode.MethodLeftOut,
                        $"\"{names[index]}\" was left out: it would take more than \"max_evaluations\" leaves."
                    )
                );
                continue;
            }

            var before = context.Work.Meter.Rows;
            var field = FieldOf(index);
            var named = source with { Name = names[index] };
            var found = await explainer.ExplainAsync(named, field, cancellationToken).ConfigureAwait(false);
            budget.Spend(JudgedCost.Of(context, before, found.Answer));
            explained.Add(found);
            var own = await recomputation.AddAsync(evidence, named, field, cancellationToken).ConfigureAwait(false);
            judged.Add(new JudgedExplanation(names[index], found.Scores, own));
        }

        if (judged.Count == 0)
        {
            throw InvalidRequestException.CannotDo("max_evaluations", "No method fits in so few evaluations; raise it.");
        }

        var judge = new Judge(measurement.Metrics, tables, measurement.RandomOrders, measurement.Normalise, context.Warnings);
        var figures = await judge.MeasureAsync(judged, context.Seed, cancellationToken).ConfigureAwait(false);
        ComparedMethod[] methods =
        [
            .. explained.Select(
                (found, index) =>
                    new ComparedMethod(judged[index].Name, figures[index], found.Answer.Evaluations ?? 0, found.Answer.ElapsedMs)
            ),
        ];
        Verdict.Warn(methods, context.Warnings);
        return new CompareAnswer
        {
            Explanations = [.. explained.Select(found => found.Answer)],
            Methods = methods,
            Agreement = Agreement(judged),
            Recommendation = Verdict.OfOneText(methods),
            Evaluations = JudgedCost.Whole(context, budget, recomputation),
        };
    }

    private static string FieldOf(int index) => FormattableString.Invariant($"methods[{index}]");

    private static bool IsTooDear(ExplanationSource source, ExplanationContext context, EvaluationBudget budget) =>
        source.Request is { } request && context.Nested!.ExpectedRows(request, context) / context.Input.Windows.Count > budget.Left;

    private static double?[][] Agreement(List<JudgedExplanation> judged) =>
        [
            .. judged.Select(one =>
                judged
                    .Select(other =>
                        RankCorrelation.Spearman(one.Scores.Scores, other.Scores.Scores) is var figure && double.IsNaN(figure)
                            ? (double?)null
                            : figure
                    )
                    .ToArray()
            ),
        ];

    private static Measurement MeasurementOf(CompareRequest request)
    {
        Choice<MetricList>[] metrics =
            request.Metrics is { } chosen ? [.. chosen.Append("area").Distinct()]
            : request.Rationale is null ? [.. DefaultMetrics]
            : [.. DefaultMetrics, "plausibility"];
        return new(
            MetricList.Of(metrics, request.Rationale is not null),
            request.Replacements ?? Measurement.DefaultsOf(request),
            request.RandomOrders ?? Measurement.DefaultRandomOrders,
            request.Normalise ?? false
        );
    }

    /// <summary>A rationale is of one text; of several each has its own.</summary>
    private static void CheckRationales(CompareRequest request)
    {
        if (request.Rationale is not null && request.Texts is not null)
        {
            throw InvalidRequestException.Malformed(
                "rationale",
                "is of one text; beside texts there are rationales, a list of spans for each"
            );
        }

        if (request.Rationales is { } lists && lists.Count != request.Texts?.Count)
        {
            throw InvalidRequestException.Malformed(
                "rationales",
                request.Texts is null
                    ? "stands beside texts; of one text it is rationale"
                    : FormattableString.Invariant($"must have a list of spans for each of the {request.Texts.Count} texts")
            );
        }
    }

    /// <summary>Scores from elsewhere are of one text, and of the same units.</summary>
    private static void CheckSpans(CompareRequest request, IReadOnlyList<ScoreRequest> scores, string field)
    {
        if (request.Texts is not null)
        {
            throw InvalidRequestException.Malformed(field, "are of one text, and must not stand beside texts");
        }

        var spans = request.Spans!.Select(span => (span[0], span[1])).Order();
        if (!scores.Select(score => (score.Start, score.End)).Order().SequenceEqual(spans))
        {
            throw InvalidRequestException.Malformed(field, "must have the spans of the other scores: they are the units of all methods");
        }
    }
}
