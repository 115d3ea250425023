using System.Text.Json;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Shapley;

/// <summary><c>/shap</c>: Shapley values of the text's units.</summary>
public sealed class ShapMethod : ExplanationMethod<ShapRequest>
{
    private const int DefaultEvaluations = 500;
    private const int FewestInWindows = 100;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
        [.. Enum.GetValues<ShapAlgorithm>().Select(algorithm => new SupportedFeature("shap." + NameOf(algorithm), [ModelFeature.Predict]))];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override long ExpectedRows(ExplainRequest request, PreparedInput input)
    {
        // Half of the windows change with an evaluation, or thereabouts: a tree's groups touch few, a regression's coalitions all.
        var evaluations = ((ShapRequest)request).MaxEvaluations ?? LongTexts.Evaluations(input, DefaultEvaluations, FewestInWindows);
        return (long)evaluations * (input.Windows.Count + 1) / 2;
    }

    /// <inheritdoc/>
    protected override bool AnswersEarly(ShapRequest request) => request.Algorithm is not ShapAlgorithm.Exact;

    /// <inheritdoc/>
    protected override void Check(ShapRequest request)
    {
        RequestChecks.Range("max_evaluations", request.MaxEvaluations, 2, 1_000_000);
        RequestChecks.Range("tolerance", request.Tolerance, 0, 1e6);
    }

    /// <inheritdoc/>
    protected override async Task<Explanation> ExplainAsync(ShapRequest request, ExplanationContext context, CancellationToken cancellationToken)
    {
        var hierarchy = context.Hierarchy(Granularity.Word);
        var units = hierarchy.Top;
        var replacement = Replacement.Resolve(request.Replacement, context.Model.Tokenizer, context.Warnings);
        var budget = ShapBudget.Of(request, units.Units.Count, hierarchy.IsDeep, LongTexts.Evaluations(context.Input, DefaultEvaluations, FewestInWindows));
        var options = new ShapleyOptions
        {
            MaxEvaluations = budget.Top,
            Seed = context.Seed,
            Tolerance = request.Tolerance,
            Interactions = request.Interactions == true,
            OutOfTime = () => context.Deadline.Passed,
            Tree = UnitTree.Of(context.Input, units.Units),
        };
        var estimate = await ShapleyAlgorithm.EstimateAsync(
            NameOf(request.Algorithm ?? ShapAlgorithm.Auto), context.Game(units, replacement), options, cancellationToken).ConfigureAwait(false);
        var main = context.Target.MainOutput;
        var answers = units.Answers(context.Input, estimate.Scores[main], estimate.StandardErrors?[main]);
        var (evaluations, late) = (estimate.Evaluations, estimate.DeadlineReached);
        if (hierarchy.IsDeep && !late)
        {
            var inner = new InnerShapley(context.Game(hierarchy.Leaves, replacement), context, options);
            await inner.OpenAsync(hierarchy.Nodes, answers, budget.Total - evaluations, cancellationToken).ConfigureAwait(false);
            answers = hierarchy.Answers(inner.Answers);
            (evaluations, late) = (evaluations + inner.Evaluations, inner.DeadlineReached);
        }

        ShapWarnings.Add(context, request, estimate, units.Units.Count, evaluations, late);
        return context.Answer("shap") with
        {
            Algorithm = estimate.Algorithm,
            Granularity = hierarchy.Name,
            Units = answers,
            BaseValue = estimate.BaseValue[main],
            Value = estimate.Value[main],
            Generated = GeneratedAnswers.Of(context, units.Units, estimate.Scores),
            Interactions = estimate.Interactions is { } interactions ? Rows(interactions[main]) : null,
            Labels = LabelAnswers.Of(context.Target, estimate.Scores, estimate.BaseValue, estimate.Value, estimate.StandardErrors),
            Replacement = replacement.Name,
            Evaluations = evaluations,
        };
    }

    private static double[][] Rows(double[,] matrix) =>
        [.. Enumerable.Range(0, matrix.GetLength(0)).Select(i => Enumerable.Range(0, matrix.GetLength(1)).Select(j => i == j ? 0 : matrix[i, j]).ToArray())];

    private static string NameOf(ShapAlgorithm algorithm) => JsonNamingPolicy.SnakeCaseLower.ConvertName(algorithm.ToString());
}
