using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Perturbation;
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
                Assert.All(scores.Zip(others), pair => Assert.Equal(pair.First, pair.Second, 200 * Noise));
            }
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

    private static async Task<(List<Coalition> Asked, double[] Scores)> RunAsync(
        ShapAlgorithm? algorithm, int players, double[] values, long noise)
    {
        var random = new SeededRandom(noise);
        var game = new FunctionGame(players, 1, coalition =>
            [values[FunctionGame.Mask(coalition)] + (noise == 0 ? 0 : Noise * ((2 * random.NextDouble()) - 1))]);
        var scores = algorithm is { } estimator
            ? (await ShapleyEstimators.EstimateAsync(estimator, game, new() { MaxEvaluations = 100, Seed = 5 })).Scores[0]
            : (await Lime.EstimateAsync(game, new() { Samples = 100 })).Scores[0];
        return ([.. game.Asked], scores);
    }
}
