using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>
/// A row's logits differ in their last bits by the batch that it was in. Which coalitions are evaluated must not follow from that.
/// </summary>
public sealed class ReproducibilityTests
{
    // Ten times what batches were seen to change.
    private const double Noise = 1e-6;

    /// <param name="algorithm">Of Shapley values; null: a surrogate.</param>
    [Theory]
    [InlineData(ShapAlgorithm.Kernel)]
    [InlineData(ShapAlgorithm.Permutation)]
    [InlineData(ShapAlgorithm.Partition)]
    [InlineData(null)]
    public async Task The_last_bits_of_the_model_do_not_choose_coalitions(ShapAlgorithm? algorithm)
    {
        foreach (var (_, players, values, _) in FunctionGame.References(atLeast: 9))
        {
            var (exact, scores) = await RunAsync(algorithm, players, values, noise: 0);
            for (var draw = 1; draw <= 3; draw++)
            {
                var (noisy, others) = await RunAsync(algorithm, players, values, noise: draw);
                Assert.Equal(exact, noisy);
                Assert.All(scores.Zip(others), pair => Assert.Equal(pair.First, pair.Second, 10 * Noise));
            }
        }
    }

    [Theory]
    [Slow]
    [InlineData(12, 60)]
    [InlineData(12, 200)]
    [InlineData(24, 160)]
    public async Task Scores_have_no_steps_where_another_model_of_the_game_becomes_the_better_one(int players, int budget)
    {
        // From an additive game to one of groups of three; where errors change most, look closer and closer: a step would stay as high.
        for (var seed = 1; seed <= 4; seed++)
        {
            double[] grid = [.. Enumerable.Range(0, 61).Select(step => Math.Pow(10, -4 + (step / 15.0)))];
            var ends = await Task.WhenAll(grid.Select(share => MixedAsync(players, budget, seed, share)));
            var steepest = Enumerable.Range(0, 60).MaxBy(step => Change(ends[step].Errors, ends[step + 1].Errors));
            var (low, high) = (grid[steepest], grid[steepest + 1]);
            var (before, after) = (ends[steepest], ends[steepest + 1]);
            while (high / low > 1 + 1e-7)
            {
                var middle = Math.Sqrt(low * high);
                var between = await MixedAsync(players, budget, seed, middle);
                (low, before, high, after) =
                    Change(before.Errors, between.Errors) > Change(between.Errors, after.Errors)
                        ? (low, before, middle, between)
                        : (middle, between, high, after);
            }

            Assert.InRange(Change(before.Scores, after.Scores), 0, 1e-6);
            Assert.InRange(Change(before.Errors, after.Errors), 0, 1e-5);
        }
    }

    [Fact]
    public async Task Equal_groups_are_opened_in_text_order()
    {
        // Every unit is worth the same: whatever the noise, the first groups are opened.
        var asked = new List<List<Coalition>>();
        for (var draw = 0; draw < 3; draw++)
        {
            var random = new SeededRandom(draw);
            var game = new FunctionGame(64, 1, coalition => [coalition.Count + (1e-6 * random.NextGaussian())]);
            await PartitionShapley.EstimateAsync(game, new() { MaxEvaluations = 50 });
            asked.Add([.. game.Asked]);
        }

        Assert.Equal(asked[0], asked[1]);
        Assert.Equal(asked[0], asked[2]);
    }

    private static async Task<(double[] Scores, double[] Errors)> MixedAsync(int players, int budget, long seed, double share)
    {
        var (additive, _, _) = Synthetic.LowOrder(players, 0, seed);
        var (groups, _, _) = Synthetic.LowOrder(players, players, seed + 100);
        var game = new FunctionGame(players, 1, s => [additive.ValueOf(s)[0] + (share * groups.ValueOf(s)[0])]);
        var estimate = await KernelShapley.EstimateAsync(game, new() { MaxEvaluations = budget });
        return (estimate.Scores[0], estimate.StandardErrors![0]);
    }

    private static double Change(double[] one, double[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max() / one.Max(Math.Abs);

    private static async Task<(List<Coalition> Asked, double[] Scores)> RunAsync(
        ShapAlgorithm? algorithm,
        int players,
        double[] values,
        long noise
    )
    {
        var random = new SeededRandom(noise);
        var game = new FunctionGame(
            players,
            1,
            coalition => [values[FunctionGame.Mask(coalition)] + (noise == 0 ? 0 : Noise * ((2 * random.NextDouble()) - 1))]
        );
        var scores = algorithm is { } estimator
            ? (await ShapleyEstimators.EstimateAsync(estimator, game, new() { MaxEvaluations = 100, Seed = 5 })).Scores[0]
            : (await LimeEstimator.EstimateAsync(game, new() { Samples = 100 })).Scores[0];
        return ([.. game.Asked], scores);
    }
}
