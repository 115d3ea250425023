namespace ExplainService.Methods.Shapley;

/// <summary>
/// Shapley values of a text's units, for every output at once. In every output the scores add up:
/// <see cref="BaseValue"/> + Σ <see cref="Scores"/> = <see cref="Value"/>, to rounding.
/// </summary>
public sealed record ShapleyEstimate
{
    /// <summary>What was computed; never <see cref="ShapAlgorithm.Auto"/>.</summary>
    public required ShapAlgorithm Algorithm { get; init; }

    /// <summary>[outputs]: the score with every unit replaced, v(∅).</summary>
    public required double[] BaseValue { get; init; }

    /// <summary>[outputs]: the score of the whole text, v(N).</summary>
    public required double[] Value { get; init; }

    /// <summary>[outputs][units].</summary>
    public required double[][] Scores { get; init; }

    /// <summary>
    /// [outputs][units]: one standard error of every score; null where nothing was sampled, or too little to judge errors by.
    /// </summary>
    public double[][]? StandardErrors { get; init; }

    /// <summary>
    /// [outputs][unit, unit]: the pairwise Shapley interaction index, symmetric with a zero diagonal; null unless asked for.
    /// </summary>
    public double[][,]? Interactions { get; init; }

    /// <summary>
    /// [outputs][triples]: the Shapley interaction index of every three units, in the order of <see cref="TripleShapley"/>; null unless asked for.
    /// </summary>
    public double[][]? Triples { get; init; }

    /// <summary>Evaluations that the interactions are read off: not all, where there are very many or the time was up.</summary>
    public int InteractionEvaluations { get; init; }

    /// <summary>Coalitions evaluated, the empty and the full one included.</summary>
    public required int Evaluations { get; init; }

    /// <summary>
    /// Units of the largest group that stayed closed and shares its worth equally among them; 0 where every unit was looked at.
    /// </summary>
    public int LargestGroup { get; init; }

    /// <summary>Whether the scores are exact, or every standard error is within the tolerance asked for.</summary>
    public bool Converged { get; init; }

    /// <summary>Whether the time was up before the budget: this is the best so far.</summary>
    public bool DeadlineReached { get; init; }
}
