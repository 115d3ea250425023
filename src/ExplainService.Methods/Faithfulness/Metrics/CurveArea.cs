using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>The area under p over the share of units that are gone, or back, by the trapezoid rule (Petsiuk et al. 2018).</summary>
/// <param name="deletes">Units go in ranked order, rather than come back.</param>
internal abstract class CurveArea(bool deletes) : ChainMetric
{
    /// <inheritdoc/>
    public override Better BetterOf(int part) => deletes ? Better.Smaller : Better.Larger;

    /// <inheritdoc/>
    public override IEnumerable<Coalition> Sets(Coalition top, int k) => [Read(top)];

    /// <inheritdoc/>
    public override double Term(int part, Coalition top, int k, ISetValues values) =>
        values[Read(top)].P / (k == 0 || k == values.Units ? 2.0 * values.Units : values.Units);

    /// <inheritdoc/>
    protected override IReadOnlyList<double> Curve(JudgedScores judged, ISetValues values) =>
        [.. Enumerable.Range(0, judged.Units + 1).Select(k => values[Read(judged.Top(k))].P)];

    private Coalition Read(Coalition top) => deletes ? top.Complement() : top;
}

/// <summary>Units go, the most relevant first: the lower the better.</summary>
internal sealed class DeletionArea() : CurveArea(deletes: true)
{
    /// <inheritdoc/>
    public override string Name => "deletion_auc";
}

/// <summary>Units come back, the most relevant first: the higher the better.</summary>
internal sealed class InsertionArea() : CurveArea(deletes: false)
{
    /// <inheritdoc/>
    public override string Name => "insertion_auc";
}
