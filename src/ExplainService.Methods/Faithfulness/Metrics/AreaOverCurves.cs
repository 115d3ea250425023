using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>Comprehensiveness and sufficiency averaged over every number of units, from one to all (Samek et al. 2017).</summary>
internal sealed class AreaOverCurves : ChainMetric
{
    /// <inheritdoc/>
    public override string Name => "aopc";

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Parts => ["comprehensiveness", "sufficiency"];

    /// <inheritdoc/>
    public override Better BetterOf(int part) => part == 0 ? Better.Larger : Better.Smaller;

    /// <inheritdoc/>
    public override IEnumerable<Coalition> Sets(Coalition top, int k) => k == 0 ? [] : [top.Complement(), top];

    /// <inheritdoc/>
    public override double Term(int part, Coalition top, int k, ISetValues values) =>
        k == 0 ? 0 : (values[Coalition.Full(values.Units)].P - values[part == 0 ? top.Complement() : top].P) / values.Units;
}
