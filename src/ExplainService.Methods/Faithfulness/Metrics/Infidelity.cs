using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>
/// The mean squared difference between the scores of the units that are gone and the drop of f, over random sets: the lower the better
/// (Yeh et al. 2019, with units replaced for a perturbation). It is in the square of the objective's unit, and so for scores that are.
/// </summary>
internal sealed class Infidelity : Metric
{
    /// <inheritdoc/>
    public override string Name => "infidelity";

    /// <inheritdoc/>
    public override IEnumerable<Coalition> Sets(JudgedScores judged, Evidence evidence) => evidence.RandomSets;

    /// <inheritdoc/>
    public override Better BetterOf(int part) => Better.Smaller;

    /// <inheritdoc/>
    public override Figures Of(JudgedScores judged, ISetValues values, Evidence evidence)
    {
        var whole = values[Coalition.Full(judged.Units)].F;
        return new Figures(
            evidence.RandomSets.Average(set =>
            {
                var error = judged.Scores.Where((_, unit) => !set[unit]).Sum() - (whole - values[set].F);
                return error * error;
            })
        );
    }
}
