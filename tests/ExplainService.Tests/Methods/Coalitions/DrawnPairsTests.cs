using ExplainService.Methods.Lime;
using ExplainService.Tests.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Coalitions;

/// <summary>What is left to chance where nearly all coalitions were drawn.</summary>
public sealed class DrawnPairsTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_single_coalition_that_was_not_drawn_leaves_scores_to_chance(int players)
    {
        var estimates = new List<LimeEstimate>();
        for (var seed = 0; seed < 60; seed++)
        {
            var game = new FunctionGame(players, 1, coalition => [Math.Sin(Math.Pow(1 + FunctionGame.Mask(coalition), 2))]);
            estimates.Add(await LimeEstimator.EstimateAsync(game, new() { Samples = (1 << players) - 1, Seed = seed }));
        }

        var (moved, said) = (0.0, 0.0);
        for (var unit = 0; unit < players; unit++)
        {
            var mean = estimates.Average(estimate => estimate.Scores[0][unit]);
            moved += estimates.Average(estimate => Math.Pow(estimate.Scores[0][unit] - mean, 2));
            said += estimates.Average(estimate => Math.Pow(estimate.StandardErrors![0][unit], 2));
        }

        Assert.InRange(Math.Sqrt(said / moved), 0.7, 3);
    }
}
