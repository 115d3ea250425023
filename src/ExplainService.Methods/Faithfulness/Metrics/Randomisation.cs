using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>
/// Spearman with the same explanation after the model's layers are drawn anew, from the top: scores that stay what they are do not look at
/// what the model has learned (Adebayo et al. 2018). The value is that with all layers drawn anew; near 0 is better.
/// </summary>
internal sealed class Randomisation : Metric
{
    /// <inheritdoc/>
    public override string Name => "randomisation";

    /// <inheritdoc/>
    public override bool ReadsTexts => false;

    /// <inheritdoc/>
    public override bool IsDefault => false;

    /// <inheritdoc/>
    public override string? Refuses(Evidence evidence, bool hasProbabilities) => evidence.NotRandomised;

    /// <inheritdoc/>
    public override Better BetterOf(int part) => Better.NearZero;

    /// <inheritdoc/>
    public override Figures Of(JudgedScores judged, ISetValues values, Evidence evidence)
    {
        LayerFigure[] layers =
        [
            .. evidence.Randomised!.Select(step => new LayerFigure(
                step.Layers,
                RankCorrelation.Spearman(judged.Scores, step.Scores) is var figure && double.IsNaN(figure) ? null : figure
            )),
        ];
        return new Figures(layers[^1].Value ?? double.NaN) { ByLayers = layers };
    }
}
