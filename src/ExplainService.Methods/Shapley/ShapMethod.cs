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

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
        [.. Enum.GetValues<ShapAlgorithm>().Select(algorithm => new SupportedFeature("shap." + NameOf(algorithm), [ModelFeature.Predict]))];

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

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
        var units = context.Units(Granularity.Word);
        var replacement = Replacement.Resolve(request.Replacement, context.Model.Tokenizer, context.Warnings);
        var algorithm = request.Algorithm ?? ShapAlgorithm.Auto;
        var count = units.Units.Count;
        CheckSize(request, algorithm, count);
        var options = new ShapleyOptions
        {
            MaxEvaluations = request.MaxEvaluations ?? (algorithm == ShapAlgorithm.Exact ? 1 << count : DefaultEvaluations),
            Seed = context.Seed,
            Tolerance = request.Tolerance,
            Interactions = request.Interactions == true,
            OutOfTime = () => context.Deadline.Passed,
            Tree = Tree(context.Input, units),
        };
        var estimate = await ShapleyAlgorithm.EstimateAsync(NameOf(algorithm), context.Game(units, replacement), options, cancellationToken).ConfigureAwait(false);
        if (estimate.DeadlineReached)
        {
            context.Warnings.Add(FormattableString.Invariant($"the deadline of {context.Deadline.Milliseconds} ms passed after {estimate.Evaluations} evaluations: this is the best answer so far"));
        }

        var main = context.Target.MainOutput;
        return context.Answer("shap") with
        {
            Algorithm = estimate.Algorithm,
            Granularity = units.Name,
            Units = units.Answers(context.Input, estimate.Scores[main], estimate.StandardErrors?[main]),
            BaseValue = estimate.BaseValue[main],
            Value = estimate.Value[main],
            Generated = GeneratedAnswers.Of(context, units.Units, estimate.Scores),
            Interactions = estimate.Interactions is { } interactions ? Rows(interactions[main]) : null,
            Labels = LabelAnswers.Of(context.Target, estimate.Scores, estimate.BaseValue, estimate.Value, estimate.StandardErrors),
            Replacement = replacement.Name,
            Evaluations = estimate.Evaluations,
        };
    }

    private static void CheckSize(ShapRequest request, ShapAlgorithm algorithm, int count)
    {
        if (algorithm != ShapAlgorithm.Exact)
        {
            return;
        }

        var most = request.MaxEvaluations is null ? ExactShapley.DefaultUnits : Math.Min(20, (int)Math.Floor(Math.Log2(request.MaxEvaluations.Value)));
        if (count > most)
        {
            throw InvalidRequestException.CannotDo("algorithm", FormattableString.Invariant(
                $"\"exact\" scores all 2^{count} coalitions of the text's {count} units; the most here are {most} units. Use \"kernel\" or \"auto\", a coarser granularity, or raise max_evaluations (up to 20 units)"));
        }
    }

    /// <summary>The tree of adjacent units; a pair's units come after the text's, as a paragraph of their own.</summary>
    private static PartitionTree? Tree(PreparedInput input, UnitSet units)
    {
        const string Between = "\n\n";
        var shift = input.Text.Length + Between.Length;
        return PartitionTree.Of(
            input.Pair is null ? input.Text : input.Text + Between + input.Pair,
            [.. units.Units.Select(unit => new PartitionUnit(
                input.TextOf(unit.Sequence)[unit.Start..unit.End],
                unit.Start + (unit.Sequence * shift),
                unit.End + (unit.Sequence * shift)))]);
    }

    private static double[][] Rows(double[,] matrix) =>
        [.. Enumerable.Range(0, matrix.GetLength(0)).Select(i => Enumerable.Range(0, matrix.GetLength(1)).Select(j => i == j ? 0 : matrix[i, j]).ToArray())];

    private static string NameOf(ShapAlgorithm algorithm) => JsonNamingPolicy.SnakeCaseLower.ConvertName(algorithm.ToString());
}
