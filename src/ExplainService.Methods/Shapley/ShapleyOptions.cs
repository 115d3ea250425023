namespace ExplainService.Methods.Shapley;

/// <summary>What every Shapley estimator can be asked.</summary>
public sealed record ShapleyOptions
{
    /// <summary>The budget, never exceeded: coalitions evaluated, the empty and the full one included. At least 2.</summary>
    public int MaxEvaluations { get; init; } = 500;

    /// <summary>Which coalitions are drawn depends on this and the number of units alone.</summary>
    public long Seed { get; init; }

    /// <summary>Stop as soon as the largest standard error is at most this; null: spend the budget.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Whether pairwise interactions are wanted too.</summary>
    public bool Interactions { get; init; }

    /// <summary>With <see cref="Interactions"/>: those of three units too.</summary>
    public bool Triples { get; init; }

    /// <summary>Asked after every evaluation; once true, the best estimate so far is returned.</summary>
    public Func<bool>? OutOfTime { get; init; }

    /// <summary>The hierarchy of units that <c>partition</c> explains along; null: halves of halves.</summary>
    public PartitionTree? Tree { get; init; }
}
