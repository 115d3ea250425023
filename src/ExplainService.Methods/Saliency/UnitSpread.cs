using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Saliency;

/// <summary>
/// How far the sums over units would move from one set of draws to another: their standard errors, from the draws themselves.
/// </summary>
/// <param name="units">The tokens of every unit.</param>
/// <param name="inStrata">
/// Draws are one from each of equal strata in order, which are less noisy than independent ones: their second differences tell the spread
/// within strata whatever trend runs over them (Wolter 2007, Introduction to Variance Estimation, 8.2).
/// </param>
public sealed class UnitSpread(IReadOnlyList<IReadOnlyList<int>> units, bool inStrata)
{
    private readonly double[] means = new double[units.Count];
    private readonly double[] squares = new double[units.Count];
    private readonly double[] differences = new double[units.Count];
    private readonly double[] newest = new double[units.Count];
    private readonly double[] older = new double[units.Count];
    private int count;

    /// <summary>One draw's scores, by token.</summary>
    public void Add(IReadOnlyList<double> tokenScores)
    {
        count++;
        for (var unit = 0; unit < means.Length; unit++)
        {
            var sum = 0.0;
            foreach (var token in units[unit])
            {
                sum += tokenScores[token];
            }

            var before = sum - means[unit];
            means[unit] += before / count;
            squares[unit] += before * (sum - means[unit]);
            var bend = count > 2 ? sum - (2 * newest[unit]) + older[unit] : 0;
            differences[unit] += bend * bend;
            (newest[unit], older[unit]) = (sum, newest[unit]);
        }
    }

    /// <summary>One standard error of every unit's mean; null where a single draw tells nothing of the spread.</summary>
    public double[]? Errors() =>
        count < 2 ? null
        : inStrata && count > 2 ? ErrorsInStrata()
        : [.. squares.Select(sum => SmallSampleErrors.StandardError(sum, count))];

    /// <summary>
    /// A second difference has six times the variance of a draw. First and last draws stand in fewer of them: the number of differences for
    /// that of the draws errs on the safe side.
    /// </summary>
    private double[] ErrorsInStrata()
    {
        var bends = count - 2;
        var few = SmallSampleErrors.StudentOverNormal(bends);
        return [.. differences.Select(sum => Math.Sqrt(sum / 6) / bends * few)];
    }
}
