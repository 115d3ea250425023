using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>How near the estimators come, on the games of real texts and on made-up ones.</summary>
public sealed class ShapleyAccuracyTests
{
    private const int Seeds = 5;

    [Theory]
    [InlineData(64, 0.10)]
    [InlineData(128, 0.030)]
    [InlineData(256, 0.021)]
    [InlineData(512, 0.015)]
    public async Task The_default_is_at_most_half_as_wrong_as_the_best_peer(int budget, double bound)
    {
        var errors = new List<double>();
        foreach (var (_, players, values, scores) in FunctionGame.References(atLeast: 7))
        {
            for (var seed = 0; seed < Seeds; seed++)
            {
                var estimate = await ShapleyEstimators.EstimateAsync(
                    ShapAlgorithm.Auto,
                    FunctionGame.OfTable(players, values),
                    new() { MaxEvaluations = budget, Seed = seed }
                );
                errors.Add(RelativeError(estimate.Scores[0], scores));
            }
        }

        Assert.InRange(Median(errors), 0, bound);
    }

    [Fact]
    [Slow]
    public async Task On_the_longest_reference_game_alone_errors_fall_as_evaluations_grow()
    {
        var (_, players, values, scores) = FunctionGame.References(atLeast: 11).First();
        foreach (var (budget, bound) in new[] { (64, 0.10), (128, 0.05), (256, 0.021), (512, 0.012) })
        {
            var errors = new List<double>();
            for (var seed = 0; seed < 9; seed++)
            {
                var estimate = await KernelShapley.EstimateAsync(
                    FunctionGame.OfTable(players, values),
                    new() { MaxEvaluations = budget, Seed = seed }
                );
                errors.Add(RelativeError(estimate.Scores[0], scores));
            }

            Assert.InRange(Median(errors), 0, bound);
        }
    }

    [Theory]
    [Slow]
    [InlineData(20, 60, 500, 0.12)]
    [InlineData(40, 60, 500, 0.15)]
    [InlineData(60, 60, 1000, 0.08)]
    public async Task Third_order_games_of_many_units_are_found(int players, int groups, int budget, double bound)
    {
        var errors = new List<double>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var (game, scores, _) = Synthetic.LowOrder(players, groups, seed);
            var estimate = await KernelShapley.EstimateAsync(game, new() { MaxEvaluations = budget, Seed = seed });
            errors.Add(RelativeError(estimate.Scores[0], scores));
        }

        Assert.InRange(Median(errors), 0, bound);
    }

    [Fact]
    public async Task A_game_without_odd_interactions_is_exact_from_one_pair_a_unit()
    {
        var random = new ExplainService.Methods.Numerics.SeededRandom(1);
        var (weights, products) = (Draws(30), Draws(30));
        var game = new FunctionGame(
            30,
            1,
            s => [Enumerable.Range(0, 30).Where(i => s[i]).Sum(i => weights[i] + (s[(i + 7) % 30] ? products[i] : 0))]
        );
        var estimate = await KernelShapley.EstimateAsync(game, new() { MaxEvaluations = 120 });
        Assert.All(
            Enumerable.Range(0, 30),
            i => Assert.Equal(weights[i] + ((products[i] + products[(i + 23) % 30]) / 2), estimate.Scores[0][i], 1e-3)
        );

        double[] Draws(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
    }

    [Theory]
    [Slow]
    [InlineData(ShapAlgorithm.Kernel)]
    [InlineData(ShapAlgorithm.Permutation)]
    public async Task Two_standard_errors_hold_the_truth_about_95_times_in_100(ShapAlgorithm algorithm)
    {
        var (inside, all) = (0, 0);
        foreach (var (_, players, values, scores) in FunctionGame.References(atLeast: 8))
        {
            foreach (var budget in new[] { 64, 128, 250, 512 }.Where(budget => budget < 1 << players))
            {
                for (var seed = 0; seed < 20; seed++)
                {
                    Count(
                        await ShapleyEstimators.EstimateAsync(
                            algorithm,
                            FunctionGame.OfTable(players, values),
                            new() { MaxEvaluations = budget, Seed = seed }
                        ),
                        scores
                    );
                }
            }
        }

        for (var seed = 0; seed < 10; seed++)
        {
            foreach (var budget in new[] { 128, 400 })
            {
                var (game, scores, _) = Synthetic.LowOrder(24, 40, seed);
                Count(await ShapleyEstimators.EstimateAsync(algorithm, game, new() { MaxEvaluations = budget, Seed = seed }), scores);
            }
        }

        Assert.InRange((double)inside / all, 0.92, 0.99);

        void Count(ShapleyEstimate estimate, double[] scores)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                all++;
                inside += Math.Abs(estimate.Scores[0][i] - scores[i]) <= 2 * estimate.StandardErrors![0][i] ? 1 : 0;
            }
        }
    }

    [Fact]
    public async Task Interactions_are_estimated_where_they_cannot_be_counted()
    {
        var (game, _, expected) = Synthetic.LowOrder(16, 12, 5, strength: 2);
        var estimate = await KernelShapley.EstimateAsync(game, new() { MaxEvaluations = 800, Interactions = true });
        var found = estimate.Interactions![0];
        double error = 0,
            norm = 0;
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(0, found[i, i]);
            for (var j = 0; j < i; j++)
            {
                Assert.Equal(found[i, j], found[j, i]);
                error += Math.Pow(found[i, j] - expected[i, j], 2);
                norm += Math.Pow(expected[i, j], 2);
            }
        }

        Assert.InRange(Math.Sqrt(error / norm), 0, 0.15);
    }

    [Fact]
    [Slow]
    public async Task More_evaluations_than_the_dense_regression_takes_still_help()
    {
        var (game, scores, _) = Synthetic.LowOrder(30, 200, 2);
        var few = await KernelShapley.EstimateAsync(game, new() { MaxEvaluations = 800 });
        var (again, _, _) = Synthetic.LowOrder(30, 200, 2);
        var many = await KernelShapley.EstimateAsync(again, new() { MaxEvaluations = 8000 });
        Assert.InRange(RelativeError(many.Scores[0], scores), 0, RelativeError(few.Scores[0], scores) / 2);
        var inside = Enumerable.Range(0, 30).Count(i => Math.Abs(many.Scores[0][i] - scores[i]) <= 2 * many.StandardErrors![0][i]);
        Assert.InRange(inside, 25, 30);
    }

    [Fact]
    [Slow]
    public async Task More_evaluations_than_one_dense_regression_takes_still_help_where_units_are_many()
    {
        // 3,300 pairs of 900 units: too many for one matrix, too few for a term a unit.
        var (game, scores, _) = Synthetic.LowOrder(900, 300, 4);
        var few = await KernelShapley.EstimateAsync(game, new() { MaxEvaluations = 3300 });
        var (again, _, _) = Synthetic.LowOrder(900, 300, 4);
        var many = await KernelShapley.EstimateAsync(again, new() { MaxEvaluations = 6600 });
        Assert.InRange(RelativeError(many.Scores[0], scores), 0, 0.8 * RelativeError(few.Scores[0], scores));
        var inside = Enumerable.Range(0, 900).Count(i => Math.Abs(many.Scores[0][i] - scores[i]) <= 2 * many.StandardErrors![0][i]);
        Assert.InRange(inside / 900.0, 0.9, 1);
    }

    private static double RelativeError(double[] scores, double[] expected) =>
        Math.Sqrt(scores.Zip(expected, (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(b => b * b));

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
