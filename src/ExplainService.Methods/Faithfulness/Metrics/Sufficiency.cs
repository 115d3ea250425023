using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>p(x) − p(only the strongest units): a faithful explanation names what is enough, so that less is better (DeYoung et al. 2020).</summary>
internal sealed class Sufficiency : ShareMetric
{
    /// <inheritdoc/>
    public override string Name => "sufficiency";

    /// <inheritdoc/>
    public override Better BetterOf(int part) => Better.Smaller;

    /// <inheritdoc/>
    protected override Coalition Read(Coalition top) => top;

    /// <inheritdoc/>
    protected override double Figure(SetValue value, ISetValues values) => values[Coalition.Full(values.Units)].P - value.P;
}
