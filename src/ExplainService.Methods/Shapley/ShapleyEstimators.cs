using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Shapley;

/// <summary>The estimator of every algorithm.</summary>
public static class ShapleyEstimators
{
    /// <summary>
    /// What <see cref="ShapAlgorithm.Auto"/> means for a text: exact where the budget covers every coalition, the regression where it
    /// covers a pair of coalitions a unit, and otherwise, where no estimator could tell single units apart, the tree that opens the
    /// strongest parts. With a tolerance the regression rather than every coalition, as it can stop early.
    /// </summary>
    public static ShapAlgorithm Choose(int players, int maxEvaluations, bool tolerant = false) =>
        players <= ExactShapley.DefaultUnits && 1 << players <= maxEvaluations && !tolerant ? ShapAlgorithm.Exact
        : 2L * players <= maxEvaluations ? ShapAlgorithm.Kernel
        : ShapAlgorithm.Partition;

    /// <summary>Runs an estimator; the answer's <see cref="ShapleyEstimate.Algorithm"/> says which one it was.</summary>
    /// <exception cref="ArgumentException">It refuses the number of units or the budget.</exception>
    public static Task<ShapleyEstimate> EstimateAsync(
        ShapAlgorithm algorithm,
        ICoalitionGame game,
        ShapleyOptions options,
        CancellationToken cancellationToken = default
    ) =>
        algorithm switch
        {
            ShapAlgorithm.Exact => ExactShapley.EstimateAsync(game, options, cancellationToken),
            ShapAlgorithm.Kernel => KernelShapley.EstimateAsync(game, options, cancellationToken),
            ShapAlgorithm.Permutation => PermutationShapley.EstimateAsync(game, options, cancellationToken),
            ShapAlgorithm.Partition => PartitionShapley.EstimateAsync(game, options, cancellationToken),
            _ => EstimateAsync(
                Choose(game.Players, options.MaxEvaluations, options.Tolerance is not null),
                game,
                options,
                cancellationToken
            ),
        };
}
