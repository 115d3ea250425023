using CsCheck;
using ExplainService.Methods.Numerics;
using Xunit;

namespace ExplainService.Tests.Methods.Numerics;

/// <summary>The small numerical tools, each against its definition.</summary>
public sealed class NumericsTests
{
    [Fact]
    public void Draws_are_those_of_the_published_generator() =>
        // The reference implementation's first outputs: SplitMix64 from 0, and xoshiro256** over the state it fills.
        Assert.Equal([0x99EC5F36CB75F2B4UL, 0xBF6E1F784956452AUL, 0x1A5F849D4933E6E0UL], Take(new SeededRandom(0), 3));

    [Fact]
    public void Bounded_draws_are_uniform_and_normal_draws_are_normal()
    {
        var random = new SeededRandom(3);
        var counts = new int[7];
        double sum = 0,
            squares = 0,
            fourth = 0;
        const int Draws = 70_000;
        for (var i = 0; i < Draws; i++)
        {
            counts[random.Next(7)]++;
            var normal = random.NextGaussian();
            sum += normal;
            squares += normal * normal;
            fourth += Math.Pow(normal, 4);
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.Equal(0, sum / Draws, 0.02);
        Assert.Equal(1, squares / Draws, 0.03);
        Assert.Equal(3, fourth / Draws, 0.15);
    }

    [Fact]
    public void A_shuffle_keeps_every_item() =>
        Gen.Select(Gen.Int.Array, Gen.Long)
            .Sample(
                (items, seed) =>
                {
                    var shuffled = (int[])items.Clone();
                    new SeededRandom(seed).Shuffle<int>(shuffled);
                    Assert.Equal(items.Order(), shuffled.Order());
                }
            );

    [Fact]
    public void A_random_order_gives_every_number_once_and_every_order_equally_often()
    {
        var random = new SeededRandom(5);
        var orders = Enumerable.Range(0, 24_000).Select(_ => string.Concat(All(4, random))).CountBy(order => order).ToArray();
        Assert.Equal(24, orders.Length);
        Assert.All(orders, order => Assert.InRange(order.Value, 850, 1150));
        Assert.Equal(Enumerable.Range(0, 1000), All(1000, random).Order());

        static int[] All(int size, SeededRandom random)
        {
            var order = new RandomOrder(size);
            return [.. Enumerable.Range(0, size).Select(_ => order.Next(random))];
        }
    }

    [Fact]
    public void A_random_order_that_has_given_all_gives_no_more()
    {
        var order = new RandomOrder(1);
        Assert.Equal(0, order.Next(new SeededRandom(0)));
        Assert.Throws<InvalidOperationException>(() => order.Next(new SeededRandom(0)));
    }

    [Fact]
    public void A_factored_matrix_solves_inverts_and_has_its_determinant() =>
        Gen.Select(Gen.Int[1, 12], Gen.Long)
            .Sample(
                (size, seed) =>
                {
                    var random = new SeededRandom(seed);
                    var root = Enumerable.Range(0, size * size).Select(_ => random.NextGaussian()).ToArray();
                    var matrix = new double[size * size];
                    for (var i = 0; i < size; i++)
                    {
                        for (var j = 0; j < size; j++)
                        {
                            matrix[(i * size) + j] =
                                Enumerable.Range(0, size).Sum(k => root[(i * size) + k] * root[(j * size) + k]) + (i == j ? 1 : 0);
                        }
                    }

                    var expected = Enumerable.Range(0, size).Select(_ => random.NextGaussian()).ToArray();
                    var factor = Cholesky.Of(matrix, size);
                    var right = Product(matrix, expected);
                    Near(expected, factor.Solve(right));
                    var inverse = factor.Inverse();
                    Near(expected, Product(inverse, right));
                    Assert.Equal(Enumerable.Range(0, size).Select(i => inverse[(i * size) + i]), factor.InverseDiagonal());
                    var lower = (double[])right.Clone();
                    factor.SolveLower(lower);
                    Assert.Equal(right.Zip(expected, (a, b) => a * b).Sum(), lower.Sum(value => value * value), 1e-6);
                }
            );

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused() =>
        Assert.Throws<ArithmeticException>(() => Cholesky.Of([1, 0, 0, double.NaN], 2));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(200)]
    public void Gauss_Legendre_integrates_polynomials_of_twice_its_points_exactly(int points)
    {
        var rule = Quadrature.GaussLegendre(points);
        Assert.Equal(rule.Nodes.Order(), rule.Nodes);
        Assert.All(
            new[] { 0, 1, points, (2 * points) - 1 },
            degree =>
                Assert.Equal(
                    1.0 / (degree + 1),
                    rule.Nodes.Zip(rule.Weights, (node, weight) => weight * Math.Pow(node, degree)).Sum(),
                    1e-13
                )
        );
    }

    [Fact]
    public void Three_Gauss_Legendre_points_are_those_of_the_tables()
    {
        var rule = Quadrature.GaussLegendre(3);
        Assert.Equal([(1 - Math.Sqrt(0.6)) / 2, 0.5, (1 + Math.Sqrt(0.6)) / 2], rule.Nodes, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([5 / 18.0, 8 / 18.0, 5 / 18.0], rule.Weights, (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(320)]
    public void Clenshaw_Curtis_integrates_polynomials_up_to_its_intervals_exactly_and_is_nested(int intervals)
    {
        var rule = Quadrature.ClenshawCurtis(intervals);
        Assert.Equal(rule.Nodes.Order(), rule.Nodes);
        Assert.Equal((0, 1), (rule.Nodes[0], rule.Nodes[^1]));
        Assert.All(rule.Weights, weight => Assert.True(weight > 0));
        Assert.All(
            new[] { 0, 1, intervals / 2, intervals },
            degree =>
                Assert.Equal(
                    1.0 / (degree + 1),
                    rule.Nodes.Zip(rule.Weights, (node, weight) => weight * Math.Pow(node, degree)).Sum(),
                    1e-13
                )
        );

        // To the last bit, as what was computed is looked up by its place.
        Assert.Subset(Quadrature.ClenshawCurtis(2 * intervals).Nodes.ToHashSet(), rule.Nodes.ToHashSet());
    }

    [Fact]
    public void The_trapezoid_rule_has_both_ends_and_weights_that_sum_to_one()
    {
        var rule = Quadrature.Trapezoid(5);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], rule.Nodes);
        Assert.Equal([0.125, 0.25, 0.25, 0.25, 0.125], rule.Weights);
    }

    [Fact]
    public void Spearman_shares_the_ranks_of_ties()
    {
        Assert.Equal([1.5, 1.5, 3, 4], RankCorrelation.Ranks([2, 2, 5, 9]));
        Assert.Equal(1, RankCorrelation.Spearman([1, 2, 3], [10, 20, 1000]), 1e-15);
        Assert.Equal(-1, RankCorrelation.Spearman([1, 2, 3], [3, 2, -7]), 1e-15);
        Assert.Equal(0.9486832980505138, RankCorrelation.Spearman([1, 2, 2, 3], [1, 2, 3, 4]), 1e-12);
        Assert.True(double.IsNaN(RankCorrelation.Spearman([1, 1], [1, 2])));
    }

    [Fact]
    public void Kendall_leaves_ties_out_as_SciPy_does()
    {
        // scipy.stats.kendalltau's own example.
        Assert.Equal(-0.47140452079103173, RankCorrelation.Kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]), 1e-12);
        Assert.Equal(1, RankCorrelation.Kendall([1, 2, 3], [10, 20, 1000]), 1e-15);
        Assert.True(double.IsNaN(RankCorrelation.Kendall([1, 1], [1, 2])));
    }

    [Theory]
    [InlineData(0, 7, 1)]
    [InlineData(1, 1, 0.5)]
    [InlineData(12.706204736432095, 1, 0.05)]
    [InlineData(2.2281388519649385, 10, 0.05)]
    [InlineData(2.0117405137297655, 47, 0.05)]
    [InlineData(-3.5, 20, 0.002253)]
    public void The_tails_of_Students_t_are_those_of_tables(double t, double freedom, double expected) =>
        Assert.Equal(expected, StudentT.TwoSided(t, freedom), expected is 0.002253 ? 2e-5 : 1e-9);

    private static ulong[] Take(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextBits())];

    private static double[] Product(double[] matrix, double[] vector) =>
        [
            .. Enumerable
                .Range(0, vector.Length)
                .Select(i => Enumerable.Range(0, vector.Length).Sum(j => matrix[(i * vector.Length) + j] * vector[j])),
        ];

    private static void Near(double[] expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-8));

    [Theory]
    [InlineData(1, 12.7062)]
    [InlineData(2, 4.3027)]
    [InlineData(3, 3.1824)]
    [InlineData(5, 2.5706)]
    [InlineData(30, 2.0423)]
    public void One_mean_of_few_draws_has_Student_s_quantile(int freedom, double quantile)
    {
        // A sum of squared deviations of n − 1 is a variance of one.
        var error = SmallSampleErrors.StandardErrors([freedom], [freedom + 1])[0];
        Assert.Equal(quantile, 1.959964 * error * Math.Sqrt(freedom + 1), quantile * 0.01);
    }
}
