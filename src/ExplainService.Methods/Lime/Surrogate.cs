using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Lime;

/// <summary>One output's linear surrogate.</summary>
/// <param name="Scores">[units]; zero for units that were not kept.</param>
/// <param name="Intercept">The surrogate of the text without any unit.</param>
/// <param name="R2">The weighted share of variance explained.</param>
/// <param name="All">The fit of all units, before the strongest were chosen.</param>
internal sealed record SurrogateFit(double[] Scores, double Intercept, double R2, RidgeFit All);

/// <summary>Ridge regression of values on the presence of units, if so asked on the strongest of them alone.</summary>
/// <param name="features">[units][coalitions]: 1 where the unit is present.</param>
/// <param name="weights">[coalitions].</param>
/// <param name="penalty">The ridge penalty, positive.</param>
/// <param name="kept">The most units with a weight; null: all.</param>
/// <param name="cancellationToken">The caller has left.</param>
internal sealed class Surrogate(
    IReadOnlyList<double[]> features,
    double[] weights,
    double penalty,
    int? kept,
    CancellationToken cancellationToken
)
{
    private readonly WeightedRidge all = new(features, weights, penalty, cancellationToken);

    /// <summary>The share of the weights that the penalty takes in a fit of all units.</summary>
    public double Shrinkage => all.Shrinkage;

    /// <summary>Whether units compete for a place.</summary>
    public bool Selects => kept < features.Count;

    /// <summary>The surrogate of one output.</summary>
    /// <param name="values">[coalitions].</param>
    public SurrogateFit Fit(double[] values)
    {
        var fit = all.Fit(values);
        if (!Selects)
        {
            return new SurrogateFit(fit.Coefficients, fit.Intercept, fit.R2, fit);
        }

        int[] strongest =
        [
            .. Enumerable
                .Range(0, features.Count)
                .OrderByDescending(unit => Math.Abs(fit.Coefficients[unit]))
                .ThenBy(unit => unit)
                .Take(kept!.Value)
                .Order(),
        ];
        var again = new WeightedRidge([.. strongest.Select(i => features[i])], weights, penalty, cancellationToken).Fit(values);
        var scores = new double[features.Count];
        foreach (var (unit, score) in strongest.Zip(again.Coefficients))
        {
            scores[unit] = score;
        }

        return new SurrogateFit(scores, again.Intercept, again.R2, fit);
    }

    /// <summary>Of surrogates of all units, of which there must be more coalitions: [fits][units].</summary>
    /// <param name="fits">One an output.</param>
    /// <param name="pairs">How the coalitions were drawn.</param>
    public double[][] StandardErrors(IEnumerable<SurrogateFit> fits, DrawnGroup[] pairs) =>
        all.StandardErrors([.. fits.Select(fit => fit.All)], pairs, cancellationToken);
}
