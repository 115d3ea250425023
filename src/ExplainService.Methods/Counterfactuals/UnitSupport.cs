using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Shapley;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>The order in which units are worth trying: those first that hold the prediction as it is.</summary>
internal static class UnitSupport
{
    /// <summary>Evaluations a unit that are plenty for an order.</summary>
    private const int PerUnit = 4;

    private const int AtLeast = 64;

    /// <summary>The units that may be changed, by a cheap estimate of their Shapley values when others are deleted, strongest first.</summary>
    /// <param name="judge">Reads texts.</param>
    /// <param name="units">All units.</param>
    /// <param name="free">Indices of those that may be changed.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    public static async Task<int[]> OrderAsync(TextJudge judge, UnitSet units, IReadOnlyList<int> free, CancellationToken cancellationToken)
    {
        var (context, count) = (judge.Context, units.Units.Count);
        var budget = Math.Min(Math.Max(AtLeast, PerUnit * count), judge.Left / 3);
        var whole = await judge.ReadAsync(new EditedText(context.Input, []), cancellationToken).ConfigureAwait(false);
        if (count < 2 || budget < ShapMethod.MinEvaluations || whole is not { } read)
        {
            return [.. free];
        }

        var game = new TextGame(
            context.Of(read.Input, read.Resolved),
            units,
            judge.Hidden ?? Replacement.Resolve(new ReplacementRequest(ReplacementKind.Delete), context.Model, context.Warnings)
        );
        var options = new ShapleyOptions
        {
            MaxEvaluations = budget,
            Seed = context.Seed,
            OutOfTime = () => context.Deadline.Passed,
            Tree = UnitTree.Build(context.Input, units.Units),
        };
        var estimate = await ShapleyEstimators.EstimateAsync(ShapAlgorithm.Auto, game, options, cancellationToken).ConfigureAwait(false);
        judge.Count(estimate.Evaluations);
        var scores = estimate.Scores[read.Resolved.MainOutput];
        return [.. free.OrderByDescending(unit => judge.Goal.Sign * scores[unit])];
    }
}
