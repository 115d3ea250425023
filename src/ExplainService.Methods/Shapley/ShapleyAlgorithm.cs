using ExplainService.Methods.Perturbation;

namespace ExplainService.Methods.Shapley;

/// <summary>The Shapley estimators by name.</summary>
public static class ShapleyAlgorithm
{
    /// <summary>The name that leaves the choice to <see cref="Choose"/>.</summary>
    public const string Auto = "auto";

    private static readonly Dictionary<string, Estimator> Estimators = new(StringComparer.Ordinal)
    {
        [ExactShapley.Name] = ExactShapley.EstimateAsync,
        [KernelShapley.Name] = KernelShapley.EstimateAsync,
        [PermutationShapley.Name] = PermutationShapley.EstimateAsync,
        [PartitionShapley.Name] = PartitionShapley.EstimateAsync,
    };

    private delegate Task<ShapleyEstimate> Estimator(ICoalitionGame game, ShapleyOptions options, CancellationToken cancellationToken);

    /// <summary>Every name, <see cref="Auto"/> first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Auto, .. Estimators.Keys];

    /// <summary>
    /// What <see cref="Auto"/> means for a text: exact where the budget covers every coalition, the regression where it covers a pair
    /// of coalitions a unit, and otherwise, where no estimator could tell single units apart, the tree that opens the strongest parts.
    /// With a tolerance the regression rather than every coalition, as it can stop early.
    /// </summary>
    public static string Choose(int players, int maxEvaluations, bool tolerant = false) =>
        players <= ExactShapley.DefaultUnits && 1 << players <= maxEvaluations && !tolerant ? ExactShapley.Name
        : 2L * players <= maxEvaluations ? KernelShapley.Name
        : PartitionShapley.Name;

    /// <summary>Runs an estimator by name; the answer's <see cref="ShapleyEstimate.Algorithm"/> says which one it was.</summary>
    /// <exception cref="ArgumentException">There is no such estimator, or it refuses the number of units or the budget.</exception>
    public static Task<ShapleyEstimate> EstimateAsync(string algorithm, ICoalitionGame game, ShapleyOptions options, CancellationToken cancellationToken = default)
    {
        var name = algorithm == Auto ? Choose(game.Players, options.MaxEvaluations, options.Tolerance is not null) : algorithm;
        return Estimators.TryGetValue(name, out var estimator)
            ? estimator(game, options, cancellationToken)
            : throw new ArgumentException($"'{algorithm}' is none of {string.Join(", ", Names)}.", nameof(algorithm));
    }
}
