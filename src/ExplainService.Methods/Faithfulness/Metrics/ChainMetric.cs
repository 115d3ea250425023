using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>
/// A metric of an order of the units: a sum over its beginnings, of which each says something of the units in it alone. The best and the
/// worst order can then be found without trying all.
/// </summary>
internal abstract class ChainMetric : Metric
{
    /// <summary>The sets that a term reads beside the whole text.</summary>
    /// <param name="top">The most relevant units.</param>
    /// <param name="k">How many they are.</param>
    public abstract IEnumerable<Coalition> Sets(Coalition top, int k);

    /// <summary>One term of a part's sum.</summary>
    /// <param name="part">Which of <see cref="Metric.Parts"/>.</param>
    /// <param name="top">The most relevant units.</param>
    /// <param name="k">How many they are, from 0 to all.</param>
    /// <param name="values">What the model says.</param>
    public abstract double Term(int part, Coalition top, int k, ISetValues values);

    /// <inheritdoc/>
    public sealed override IEnumerable<Coalition> Sets(JudgedScores judged, Evidence evidence) =>
        Enumerable.Range(0, judged.Units + 1).SelectMany(k => Sets(judged.Top(k), k));

    /// <inheritdoc/>
    public override Figures Of(JudgedScores judged, ISetValues values, Evidence evidence) =>
        new([.. Parts.Select((_, part) => Enumerable.Range(0, judged.Units + 1).Sum(k => Term(part, judged.Top(k), k, values)))])
        {
            Curve = Curve(judged, values),
        };

    /// <summary>What the figure is the area under; null where it is none.</summary>
    protected virtual IReadOnlyList<double>? Curve(JudgedScores judged, ISetValues values) => null;
}
