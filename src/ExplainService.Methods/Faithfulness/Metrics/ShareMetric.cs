using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>A metric of the strongest 1, 5, 10, 20 and 50 % of the units, at least one; its value is the mean (DeYoung et al. 2020).</summary>
internal abstract class ShareMetric : ChainMetric
{
    /// <summary>The shares.</summary>
    public static readonly IReadOnlyList<double> Shares = [0.01, 0.05, 0.1, 0.2, 0.5];

    /// <summary>How many of the units a share is: k = max(1, ⌈q·m⌉).</summary>
    public static int Count(double share, int units) => Math.Max(1, (int)Math.Ceiling((share * units) - 1e-9));

    /// <inheritdoc/>
    public sealed override IEnumerable<Coalition> Sets(Coalition top, int k) => Repeats(k, top.Players) > 0 ? [Read(top)] : [];

    /// <inheritdoc/>
    public sealed override double Term(int part, Coalition top, int k, ISetValues values) =>
        Repeats(k, top.Players) is var repeats and > 0 ? repeats * Figure(values[Read(top)], values) / Shares.Count : 0;

    /// <inheritdoc/>
    public sealed override Figures Of(JudgedScores judged, ISetValues values, Evidence evidence)
    {
        ShareFigure[] shares =
        [
            .. from share in Shares
            let k = Count(share, judged.Units)
            select new ShareFigure(share, k, Figure(values[Read(judged.Top(k))], values)),
        ];
        return new Figures(shares.Average(share => share.Value)) { ByQ = shares };
    }

    /// <summary>The set that is read: the strongest units gone, or alone.</summary>
    protected abstract Coalition Read(Coalition top);

    /// <summary>The figure of what the model says of that set.</summary>
    protected abstract double Figure(SetValue value, ISetValues values);

    private static int Repeats(int k, int units) => Shares.Count(share => Count(share, units) == k);
}
