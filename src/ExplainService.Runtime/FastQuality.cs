namespace ExplainService.Runtime;

/// <summary>How far a model's int8 form is from the model, measured on calibration rows when the model is loaded.</summary>
/// <param name="MeanDeviation">Mean |Δ logit| as a fraction of the range of the logits.</param>
/// <param name="P95Deviation">95th percentile of the same.</param>
/// <param name="Products">Matrix products with weights in the model.</param>
/// <param name="KeptInFloat">Those of them that stay in float32, because they hurt most.</param>
public sealed record FastQuality(double MeanDeviation, double P95Deviation, int Products, int KeptInFloat)
{
    /// <summary>Above this the form is refused.</summary>
    public const double Limit = 0.05;

    /// <summary>In words, for answers.</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"The int8 form deviates from the model by {100 * MeanDeviation:0.##} % of the range of its logits on average, {100 * P95Deviation:0.##} % at the 95th percentile ({Products - KeptInFloat} of {Products} products in int8)."
        );
}
