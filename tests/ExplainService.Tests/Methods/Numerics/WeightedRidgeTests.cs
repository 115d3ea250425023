using ExplainService.Methods.Numerics;
using Xunit;

namespace ExplainService.Tests.Methods.Numerics;

/// <summary>What depends on features and weights alone is worked out once, whatever the number of targets, and held once.</summary>
public sealed class WeightedRidgeTests
{
    private const int Features = 60;
    private const int Samples = 200;
    private const double Penalty = 0.7;

    [Fact]
    public void Several_targets_have_the_standard_errors_of_each_alone()
    {
        var (ridge, fits) = Fitted(Features, 3);
        var together = ridge.StandardErrors(fits, Pairs());
        Assert.All(fits.Index(), fit => Assert.Equal(ridge.StandardErrors([fit.Item], Pairs())[0], together[fit.Index]));
    }

    [Fact]
    public void Standard_errors_of_more_targets_take_no_more_matrices()
    {
        var (ridge, fits) = Fitted(Features, 8);
        var (one, all) = (
            Allocations.Of(() => ridge.StandardErrors(fits[..1], Pairs())),
            Allocations.Of(() => ridge.StandardErrors(fits, Pairs()))
        );
        Assert.InRange((double)all / one, 1, 2);
    }

    [Theory]
    [InlineData(Features)]
    [InlineData(2 * Samples)]
    public void The_share_that_the_penalty_takes_is_that_of_its_definition_without_an_inverse(int features)
    {
        var (ridge, _) = Fitted(features, 0);
        var size = Math.Min(features, Samples);
        var share = 0.0;
        Assert.InRange(Allocations.Of(() => share = ridge.Shrinkage), 0, size * size * sizeof(double) / 2);

        // With target column k, tr(X(XᵀX + αI)⁻¹Xᵀ) sums the coefficient of each feature in the fit of itself.
        var columns = Columns(features);
        Assert.Equal(1 - columns.Select((column, k) => ridge.Fit(column).Coefficients[k]).Average(), share, 1e-9);
    }

    [Fact]
    public void The_normal_equations_are_there_once()
    {
        var (columns, weights) = (Columns(Samples - 10), Weights());
        var centred = columns.Length * Samples * sizeof(double);
        var products = columns.Length * columns.Length * sizeof(double);
        Assert.InRange(Allocations.Of(() => _ = new WeightedRidge(columns, weights, Penalty)), 0, centred + (1.5 * products));
    }

    [Fact]
    public void A_caller_that_has_left_gets_no_fit() =>
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new WeightedRidge(Columns(Features), Weights(), Penalty, new CancellationToken(canceled: true))
        );

    private static (WeightedRidge Ridge, RidgeFit[] Fits) Fitted(int features, int targets)
    {
        var (ridge, random) = (new WeightedRidge(Columns(features), Weights(), Penalty), new SeededRandom(3));
        return (ridge, [.. Enumerable.Range(0, targets).Select(_ => ridge.Fit(Draws(random)))]);
    }

    private static double[][] Columns(int features)
    {
        var random = new SeededRandom(1);
        return [.. Enumerable.Range(0, features).Select(_ => Draws(random))];
    }

    private static double[] Weights() => [.. Draws(new SeededRandom(2)).Select(Math.Exp)];

    private static double[] Draws(SeededRandom random) => [.. Enumerable.Range(0, Samples).Select(_ => random.NextGaussian())];

    private static DrawnGroup[] Pairs() => [.. Enumerable.Range(0, Samples / 2).Select(pair => new DrawnGroup(2 * pair, 2, 0.9))];
}
