using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>Whether the scores rank units as leaving each out does: Spearman's coefficient, and Kendall's τ (Attanasio et al. 2023).</summary>
internal sealed class LeaveOneOut : Metric
{
    /// <inheritdoc/>
    public override string Name => "loo";

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Parts => [null, "kendall"];

    /// <inheritdoc/>
    public override IEnumerable<Coalition> Sets(JudgedScores judged, Evidence evidence) =>
        Enumerable.Range(0, judged.Units).Select(Coalition.Full(judged.Units).Without);

    /// <inheritdoc/>
    public override Figures Of(JudgedScores judged, ISetValues values, Evidence evidence)
    {
        var whole = Coalition.Full(judged.Units);
        double[] drops = [.. Enumerable.Range(0, judged.Units).Select(unit => values[whole].F - values[whole.Without(unit)].F)];
        return new Figures(RankCorrelation.Spearman(judged.Scores, drops), RankCorrelation.Kendall(judged.Scores, drops));
    }
}
