using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>
/// A measure of how far scores can be trusted: a function of what the model says of sets of units. One file each; every metric reads the
/// same table, in which each set is scored once.
/// </summary>
internal abstract class Metric
{
    /// <summary>As requests and answers call it.</summary>
    public abstract string Name { get; }

    /// <summary>What its figures are called in the answer; null: <c>value</c> itself.</summary>
    public virtual IReadOnlyList<string?> Parts => [null];

    /// <summary>Which figure of a part is the more faithful one.</summary>
    public virtual Better BetterOf(int part) => Better.Larger;

    /// <summary>Whether it is a function of what the model says of changed texts, and so of what replaces units.</summary>
    public virtual bool ReadsTexts => true;

    /// <summary>Whether rankings by chance get other figures.</summary>
    public virtual bool DependsOnOrder => true;

    /// <summary>Whether an evaluation measures it where the request names no metrics.</summary>
    public virtual bool IsDefault => true;

    /// <summary>Why it cannot be had; null: it can.</summary>
    public virtual string? Refuses(Evidence evidence, bool hasProbabilities) => null;

    /// <summary>The sets that it reads beside the whole text, by the units that are present; may repeat.</summary>
    public virtual IEnumerable<Coalition> Sets(JudgedScores judged, Evidence evidence) => [];

    /// <summary>Its figures, one for each of <see cref="Parts"/>; not a number where there is none.</summary>
    public abstract Figures Of(JudgedScores judged, ISetValues values, Evidence evidence);
}

/// <summary>Which of two figures is the more faithful one.</summary>
public enum Better
{
    /// <summary>The larger one.</summary>
    Larger,

    /// <summary>The smaller one.</summary>
    Smaller,

    /// <summary>The one nearer to zero, which is where chance is.</summary>
    NearZero,
}

/// <summary>What a metric found.</summary>
/// <param name="Values">One for each of its parts.</param>
internal sealed record Figures(params double[] Values)
{
    /// <summary>The figure with each share of the units, where it has them.</summary>
    public IReadOnlyList<ShareFigure>? ByQ { get; init; }

    /// <summary>What the model says with 0 to all units, where the figure is the area under that.</summary>
    public IReadOnlyList<double>? Curve { get; init; }

    /// <summary>The figure as more layers are drawn anew, where it has them.</summary>
    public IReadOnlyList<LayerFigure>? ByLayers { get; init; }
}

/// <summary>What metrics need beside the scores.</summary>
/// <param name="Units">How many units there are.</param>
internal sealed record Evidence(int Units)
{
    /// <summary>Random sets of units that are present.</summary>
    public IReadOnlyList<Coalition> RandomSets { get; init; } = [];

    /// <summary>The units that the caller's rationale touches; null: there is none.</summary>
    public bool[]? Rationale { get; init; }

    /// <summary>How many tokens each unit has.</summary>
    public int[] Tokens { get; init; } = [];

    /// <summary>The scores of the same explanation of slightly moved embeddings, [draw][unit]; null: they cannot be had.</summary>
    public IReadOnlyList<double[]>? Moved { get; init; }

    /// <summary>The scores of the same explanation with the top layers drawn anew; null: they cannot be had.</summary>
    public IReadOnlyList<(int Layers, double[] Scores)>? Randomised { get; init; }

    /// <summary>Why <see cref="Moved"/> cannot be had, a clause; null: it can.</summary>
    public string? NotMoved { get; init; }

    /// <summary>Why <see cref="Randomised"/> cannot be had, a clause; null: it can.</summary>
    public string? NotRandomised { get; init; }

    /// <summary>Where a unit begins another text than the one before it.</summary>
    public bool[] BeginsText { get; init; } = [];
}
