using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>
/// The mean over k = 1 … m of the logit with the k least relevant units removed, less that with the k most relevant removed (LeRF − MoRF;
/// Achtibat et al. 2024). Without the k least relevant units are the m − k most relevant: each beginning of the order is read both ways.
/// </summary>
internal sealed class Area : ChainMetric
{
    /// <inheritdoc/>
    public override string Name => "area";

    /// <inheritdoc/>
    public override Better BetterOf(int part) => Better.Larger;

    /// <inheritdoc/>
    public override IEnumerable<Coalition> Sets(Coalition top, int k)
    {
        if (k < top.Players)
        {
            yield return top;
        }

        if (k > 0)
        {
            yield return top.Complement();
        }
    }

    /// <inheritdoc/>
    public override double Term(int part, Coalition top, int k, ISetValues values) =>
        ((k < values.Units ? values[top].Z : 0) - (k > 0 ? values[top.Complement()].Z : 0)) / values.Units;
}
