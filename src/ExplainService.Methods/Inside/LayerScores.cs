using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>What layers contribute, and how that was found.</summary>
/// <param name="Layers">The layers that there are scores of.</param>
internal sealed record LayerScores(IReadOnlyList<LayerAnswer> Layers)
{
    /// <summary>Relevance: what of the model stood still.</summary>
    public FrozenCounts? Frozen { get; init; }

    /// <summary>Steps of the path; null: there was none.</summary>
    public int? Steps { get; init; }

    /// <summary>Conductance: the largest |Σ scores − (f(x) − f(b))| of a layer.</summary>
    public double? CompletenessError { get; init; }
}
