using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Shapley values of the units inside coarse ones. Inside a unit the rest of the text is once all there and once all gone; the values are
/// then brought to the coarse unit's own by a share of the difference in proportion to their size, so that every level adds up.
/// </summary>
/// <param name="game">The game of the finest units.</param>
/// <param name="context">The request.</param>
/// <param name="options">Seed and deadline.</param>
internal sealed class NestedShapley(ICoalitionGame game, ExplanationContext context, ShapleyOptions options)
    : NestedUnits(game, context, bothContexts: true)
{
    /// <summary>Members of the largest group of parts that share its worth because the budget did not open it; 0: every part has its own.</summary>
    public int LargestGroup { get; private set; }

    /// <summary>Whether some scores are estimates rather than counted over all coalitions of a unit's parts.</summary>
    public bool Estimated { get; private set; }

    /// <inheritdoc/>
    protected override int MinCoalitions(int parts) => ShapMethod.MinEvaluations;

    /// <inheritdoc/>
    protected override async Task<PartScores> ExplainAsync(
        UnitNode node,
        NestedGame game,
        int evaluations,
        CancellationToken cancellationToken
    )
    {
        var inside = options with
        {
            MaxEvaluations = evaluations,
            Interactions = false,
            Tree = UnitTree.Build(Context.Input, [.. node.Inner.Select(part => part.Unit)]),
        };
        var estimate = await ShapleyEstimators.EstimateAsync(ShapAlgorithm.Auto, game, inside, cancellationToken).ConfigureAwait(false);
        if (estimate is { DeadlineReached: true, Evaluations: < ShapMethod.MinEvaluations })
        {
            throw new NoPartialResultException();
        }

        LargestGroup = Math.Max(LargestGroup, estimate.LargestGroup);
        Estimated |= estimate.Algorithm != ShapAlgorithm.Exact;
        var (whole, main) = (Answers[node], Context.Target.MainOutput);
        var scores = estimate.Scores[main];
        var size = scores.Sum(Math.Abs);
        var gap = whole.Score!.Value - scores.Sum();
        double[] shares = [.. scores.Select(score => size > 0 ? Math.Abs(score) / size : 1.0 / scores.Length)];
        var unjudged = estimate is { StandardErrors: null, Algorithm: ShapAlgorithm.Kernel or ShapAlgorithm.Permutation };
        return new PartScores(
            [.. scores.Zip(shares, (score, share) => score + (share * gap))],
            [.. shares.Select((share, i) => Error(estimate.StandardErrors?[main][i], share))],
            estimate.Evaluations,
            estimate.DeadlineReached
        );

        double? Error(double? own, double share) =>
            unjudged || (own is null && whole.StandardError is null) ? null : Math.Sqrt(Square(own) + Square(share * whole.StandardError));
    }

    private static double Square(double? value) => value is { } number ? number * number : 0;
}
