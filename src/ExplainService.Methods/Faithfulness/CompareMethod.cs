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
    private const int DefaultEvaluations = 4000;

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
    TextRequest ISeveralTexts.One(TextRequest request, string text) => (CompareRequest)request with { Texts = null, Text = text };

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
        foreach (var (index, source) in sources.Index())
        {
            Sources.Lift(lifted, source, FormattableString.Invariant($"methods[{index}]"));
        }

        return Sources.Spans(sources.FirstOrDefault(source => source.Scores is not null)) is { } spans
            ? lifted with
            {
                Spans = spans,
                Granularity = null,
            }
            : lifted;
    }

    /// <inheritdoc/>
    protected override long ExpectedRows(CompareRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        Math.Min(
            request.MaxEvaluations ?? DefaultEvaluations,
            MeasurementOf(request).Rows(units.Leaves.Units.Count, request.Methods?.Count ?? MethodNames.Defaults)
        ) * input.Windows.Count;

    /// <inheritdoc/>
    protected override void Check(CompareRequest request)
    {
        Measurement.Check(request.Metrics, request.Replacements);
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
                CheckSpans(request, scores, FormattableString.Invariant($"methods[{index}].scores"));
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task<CompareAnswer> ExplainAsync(
        CompareRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        JudgedContext.Check(context);
        var budget = new EvaluationBudget(request.MaxEvaluations ?? DefaultEvaluations);
        var sources = request.Methods ?? MethodNames.Default(context.Nested!, context.Model.Description);
        var names = MethodNames.Of(sources);
        var explainer = new SourceExplainer(context);
        foreach (var (index, source) in sources.Index())
        {
            explainer.Check(source, FormattableString.Invariant($"methods[{index}]"));
        }

        var measurement = MeasurementOf(request);
        var evidence = Measurement.EvidenceOf(context, rationale: null);
        var tables = await measurement.TablesAsync(context, budget, cancellationToken).ConfigureAwait(false);
        budget.Spend(context.Work.Meter.Rows);
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
            var field = FormattableString.Invariant($"methods[{index}]");
            var named = source with { Name = names[index] };
            var found = await explainer.ExplainAsync(named, field, cancellationToken).ConfigureAwait(false);
            budget.Spend(context.Work.Meter.Rows - before);
            explained.Add(found);
            var own = await new Recomputation(context, explainer, measurement.Metrics)
                .AddAsync(evidence, named, field, cancellationToken)
                .ConfigureAwait(false);
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
            Evaluations = context.Work.Meter.Rows,
        };
    }

    private static bool IsTooDear(ExplanationSource source, ExplanationContext context, EvaluationBudget budget) =>
        source.Request is { } request
        && context.Nested!.ExpectedRows(request, context.Model.Description, context.Input, context.Units) > budget.Left;

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

    private static Measurement MeasurementOf(CompareRequest request) =>
        new(
            MetricList.Of(request.Metrics is { } chosen ? [.. chosen.Append("area").Distinct()] : [.. DefaultMetrics], hasRationale: false),
            request.Replacements ?? Measurement.DefaultReplacements,
            request.RandomOrders ?? Measurement.DefaultRandomOrders,
            request.Normalise ?? false
        );

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
