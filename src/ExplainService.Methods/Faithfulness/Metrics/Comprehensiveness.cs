using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>p(x) − p(x without the strongest units): a faithful explanation names what the prediction needs (DeYoung et al. 2020).</summary>
internal sealed class Comprehensiveness : ShareMetric
{
    /// <inheritdoc/>
    public override string Name => "comprehensiveness";

    /// <inheritdoc/>
    public override Better BetterOf(int part) => Better.Larger;

    /// <inheritdoc/>
    protected override Coalition Read(Coalition top) => top.Complement();

    /// <inheritdoc/>
    protected override double Figure(SetValue value, ISetValues values) => values[Coalition.Full(values.Units)].P - value.P;
}
