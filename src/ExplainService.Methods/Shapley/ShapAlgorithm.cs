namespace ExplainService.Methods.Shapley;

/// <summary>Estimators of Shapley values.</summary>
public enum ShapAlgorithm
{
    /// <summary>Chosen by the number of units and the budget; the answer says which (default).</summary>
    Auto,

    /// <summary>Every coalition.</summary>
    Exact,

    /// <summary>Weighted least squares on sampled coalitions.</summary>
    Kernel,

    /// <summary>Antithetic permutations.</summary>
    Permutation,

    /// <summary>Owen values over a tree of adjacent units.</summary>
    Partition,
}
