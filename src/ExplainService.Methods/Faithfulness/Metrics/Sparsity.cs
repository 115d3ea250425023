namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>The Gini index of the sizes of the scores: how few units bear most of them (Chalasani et al. 2020). No order changes it.</summary>
internal sealed class Sparsity : Metric
{
    /// <inheritdoc/>
    public override string Name => "sparsity";

    /// <inheritdoc/>
    public override bool ReadsTexts => false;

    /// <inheritdoc/>
    public override bool DependsOnOrder => false;

    /// <inheritdoc/>
    public override Figures Of(JudgedScores judged, ISetValues values, Evidence evidence)
    {
        double[] sizes = [.. judged.Scores.Select(Math.Abs).Order()];
        var sum = sizes.Sum();
        var weighted = sizes.Select((size, place) => size * ((2 * (place + 1)) - sizes.Length - 1)).Sum();
        return new Figures(sum > 0 ? weighted / (sizes.Length * sum) : double.NaN);
    }
}
