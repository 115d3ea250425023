using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Shapley;

/// <summary><c>/shap</c>: Shapley values of the text's units.</summary>
public sealed class ShapMethod : ExplanationMethod<ShapRequest, ShapAnswer>
{
    /// <summary>The text, its empty version and one pair of coalitions: with less every unit would have the same share.</summary>
    internal const int MinEvaluations = 4;

    private const int DefaultEvaluations = 500;

    // A text in windows has few units in each or many: with few, windows repeat themselves and any estimator is cheap; with many,
    // coalitions of a regression change every window, while a tree's groups of adjacent units change one or two.
    private const int FewUnitsInWindow = 8;
    private const int MinEvaluationsInWindows = 50;

    /// <inheritdoc/>
    public override string Path => "/shap";

    /// <inheritdoc/>
    public override string Title => "Shapley values";

    /// <inheritdoc/>
    public override string Summary => "Shapley values of the parts of the text";

    /// <inheritdoc/>
    public override JsonObject Example =>
        new()
        {
            ["target"] = new JsonObject { ["label"] = "positive" },
            ["max_evaluations"] = 256,
        };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => ShapJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override bool ScoresSuperpixels => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [
        .. Enum.GetValues<ShapAlgorithm>()
            .Select(algorithm => new SupportedFeature(
                "shap." + EnumNames.Of(algorithm),
                algorithm == ShapAlgorithm.Auto ? "Shapley values" : "Shapley values, " + EnumNames.Of(algorithm),
                [ModelFeature.Predict]
            )
            {
                Request = new() { ["algorithm"] = EnumNames.Of(algorithm) },
                Comparison = algorithm == ShapAlgorithm.Auto ? new() { ["max_evaluations"] = 256 } : null,
            }),
    ];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override bool Perturbs => true;

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Word;

    /// <inheritdoc/>
    protected override long ExpectedRows(ShapRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units)
    {
        var players = units.Nodes.Count;
        var byTree = Algorithm(request, input, players) == ShapAlgorithm.Partition;

        // No coalition is scored twice; inside coarse units there are others.
        var all = units.IsDeep ? long.MaxValue : Coalition.Total(players);
        var asked =
            request.MaxEvaluations
            ?? (
                request.Algorithm == ShapAlgorithm.Exact
                    ? 1L << Math.Min(players, ExactShapley.DefaultUnits)
                    : Evaluations(input, players, byTree)
            );
        return Math.Min(all, asked) * (byTree ? Math.Min(2, input.Windows.Count) : input.Windows.Count);
    }

    /// <inheritdoc/>
    protected override string? NoPartialResultReason(ShapRequest request) =>
        request.Algorithm is ShapAlgorithm.Exact
            ? "\"exact\" cannot return a partial result before every coalition is scored; \"kernel\" and \"auto\" answer with what they have seen"
            : null;

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(ShapRequest request) =>
        Set(("tolerance", request.Algorithm == ShapAlgorithm.Exact ? request.Tolerance : null));

    /// <inheritdoc/>
    protected override async Task<ShapAnswer> ExplainAsync(
        ShapRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var hierarchy = context.Units;
        var units = hierarchy.Top;
        var replacement = Replacement.Resolve(request.Replacement, context.Model, context.Warnings);
        var algorithm = Algorithm(request, context.Input, units.Units.Count);
        var share = GeneratedShapley.Share(request, context, units.Units.Count);
        var own = request with { MaxEvaluations = request.MaxEvaluations - share };
        var budget = ShapBudget.Of(
            own,
            units.Units.Count,
            hierarchy.IsDeep,
            Evaluations(context.Input, units.Units.Count, algorithm == ShapAlgorithm.Partition)
        );
        var options = new ShapleyOptions
        {
            MaxEvaluations = budget.Top,
            Seed = context.Seed,
            Tolerance = request.Algorithm == ShapAlgorithm.Exact ? null : request.Tolerance,
            Interactions = request.Interactions is { Order: > 0 },
            Triples = request.Interactions is { Order: > 2 },
            OutOfTime = () => context.Deadline.Passed,
            Tree = UnitTree.Build(context.Input, units.Units),
        };
        var estimate = await ShapleyEstimators
            .EstimateAsync(algorithm, new TextGame(context, units, replacement), options, cancellationToken)
            .ConfigureAwait(false);
        if (estimate is { DeadlineReached: true, Evaluations: < MinEvaluations } && units.Units.Count > 1)
        {
            // The text and its empty version alone tell no unit from another.
            throw new NoPartialResultException();
        }

        var main = context.Target.MainOutput;
        if (context.Target.Generation is { Ids.Length: > 1, Explained: var explained })
        {
            // A regression weighs every output by itself; the sum's scores are the sums of the tokens' own.
            estimate.Scores[main] = [.. units.Units.Select((_, unit) => explained.Sum(token => estimate.Scores[token][unit]))];
        }

        var answers = units.Answers(context.Input, estimate.Scores[main], estimate.StandardErrors?[main]);
        var (evaluations, late) = (estimate.Evaluations, estimate.DeadlineReached);
        if (hierarchy.IsDeep && !late)
        {
            var nested = new NestedShapley(new TextGame(context, hierarchy.Leaves, replacement), context, options);
            await nested.OpenAsync(hierarchy.Nodes, answers, budget.Total - evaluations, cancellationToken).ConfigureAwait(false);
            answers = hierarchy.Answers(nested.Answers);
            (evaluations, late) = (evaluations + nested.Evaluations, nested.DeadlineReached);
            nested.Warn("max_evaluations");
            if (nested.Estimated && estimate.Algorithm == ShapAlgorithm.Exact)
            {
                context.Warnings.Add(
                    new Warning(
                        WarningCode.ExactForTopLevel,
                        "\"exact\" holds for the coarsest units; inside them not all coalitions were counted, and scores are estimates."
                    )
                );
            }

            estimate = estimate with { LargestGroup = Math.Max(estimate.LargestGroup, nested.LargestGroup) };
        }

        var generated = await GeneratedShapley
            .EstimateAsync(context, replacement, options, late ? 0 : share, cancellationToken)
            .ConfigureAwait(false);
        (evaluations, late) = (evaluations + generated.Evaluations, late || generated.DeadlineReached);
        ShapWarnings.Add(context, request, estimate, units.Units.Count, budget.Total + share, evaluations, late);
        return new ShapAnswer
        {
            Algorithm = EnumNames.Of(estimate.Algorithm),
            Granularity = hierarchy.Name,
            Units = answers,
            BaseValue = estimate.BaseValue[main],
            Value = estimate.Value[main],
            Generated = GeneratedAnswers.Of(context, units.Units, estimate.Scores, generated.Scores),
            Interactions = estimate.Interactions is { } interactions ? Rows(interactions[main]) : null,
            TripleInteractions = estimate.Triples is { } triples
                ? TripleShapley.Strongest(units.Units.Count, triples[main], estimate.Scores[main])
                : null,
            Labels = LabelAnswers.Of(context.Target, estimate.Scores, estimate.BaseValue, estimate.Value, estimate.StandardErrors),
            Replacement = replacement.Name,
            Evaluations = evaluations,
        };
    }

    private static ShapAlgorithm Algorithm(ShapRequest request, PreparedInput input, int units) =>
        (request.Algorithm ?? ShapAlgorithm.Auto) switch
        {
            ShapAlgorithm.Auto
                when input.InWindows && units > FewUnitsInWindow * input.Windows.Count && request.Interactions is not { Order: > 0 } =>
                ShapAlgorithm.Partition,
            var asked => asked,
        };

    private static int Evaluations(PreparedInput input, int units, bool byTree) =>
        !input.InWindows ? DefaultEvaluations
        : byTree ? LongTexts.DefaultRowBudget
        : LongTexts.Evaluations(
            input,
            DefaultEvaluations,
            units <= FewUnitsInWindow * input.Windows.Count ? 1 << FewUnitsInWindow : MinEvaluationsInWindows
        );

    private static double[][] Rows(double[,] matrix) =>
        [
            .. Enumerable
                .Range(0, matrix.GetLength(0))
                .Select(i => Enumerable.Range(0, matrix.GetLength(1)).Select(j => i == j ? 0 : matrix[i, j]).ToArray()),
        ];
}
