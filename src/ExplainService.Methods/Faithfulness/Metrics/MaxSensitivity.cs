using System.Numerics.Tensors;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>
/// The largest change of the scores, as a share of their size, when the words' embeddings move a little: the lower the better (Yeh et al.
/// 2019). Beside it what dealing the scores out by chance would change.
/// </summary>
internal sealed class MaxSensitivity : Metric
{
    /// <inheritdoc/>
    public override string Name => "max_sensitivity";

    /// <inheritdoc/>
    public override bool ReadsTexts => false;

    /// <inheritdoc/>
    public override bool IsDefault => false;

    /// <inheritdoc/>
    public override string? Refuses(Evidence evidence, bool hasProbabilities) => evidence.NotMoved;

    /// <inheritdoc/>
    public override Better BetterOf(int part) => Better.Smaller;

    /// <inheritdoc/>
    public override Figures Of(JudgedScores judged, ISetValues values, Evidence evidence)
    {
        var size = TensorPrimitives.Norm<double>(judged.Scores);
        return new Figures(evidence.Moved!.Max(moved => TensorPrimitives.Distance<double>(judged.Scores, moved)) / size);
    }
}
