using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>Spearman between the sum of the scores of the units that are present and f, over random sets (Park et al. 2023).</summary>
internal sealed class LinearDatamodel : Metric
{
    /// <inheritdoc/>
    public override string Name => "lds";

    /// <inheritdoc/>
    public override IEnumerable<Coalition> Sets(JudgedScores judged, Evidence evidence) => evidence.RandomSets;

    /// <inheritdoc/>
    public override Figures Of(JudgedScores judged, ISetValues values, Evidence evidence)
    {
        double[] sums = [.. evidence.RandomSets.Select(set => judged.Scores.Where((_, unit) => set[unit]).Sum())];
        double[] said = [.. evidence.RandomSets.Select(set => values[set].F)];
        return new Figures(RankCorrelation.Spearman(sums, said));
    }
}
