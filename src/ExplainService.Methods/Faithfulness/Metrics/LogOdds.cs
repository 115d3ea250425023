using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>log p(x without the strongest units) − log p(x): the lower the better (Shrikumar et al. 2017).</summary>
internal sealed class LogOdds : ShareMetric
{
    /// <inheritdoc/>
    public override string Name => "log_odds";

    /// <inheritdoc/>
    public override Better BetterOf(int part) => Better.Smaller;

    /// <inheritdoc/>
    public override string? Refuses(Evidence evidence, bool hasProbabilities) =>
        hasProbabilities ? null : "what the model says of this target is no probability";

    /// <inheritdoc/>
    protected override Coalition Read(Coalition top) => top.Complement();

    /// <inheritdoc/>
    protected override double Figure(SetValue value, ISetValues values) =>
        value.LogP!.Value - values[Coalition.Full(values.Units)].LogP!.Value;
}
