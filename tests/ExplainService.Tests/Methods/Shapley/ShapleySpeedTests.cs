using System.Diagnostics;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>The time that estimators take beside the model's, in time and after a deadline.</summary>
[Collection(typeof(Alone))]
public sealed class ShapleySpeedTests
{
    [Fact]
    public async Task A_late_regression_on_many_evaluations_is_a_light_one_and_still_near()
    {
        var (game, scores, _) = Synthetic.LowOrder(30, 60, 3);
        var watch = new Stopwatch();
        var estimate = await KernelShapley.EstimateAsync(
            game,
            new()
            {
                MaxEvaluations = 100_000,
                OutOfTime = () =>
                {
                    watch.Restart();
                    return game.Evaluations >= 3000;
                },
            }
        );
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1.5);
        Assert.True(estimate.DeadlineReached);
        var error = estimate.Scores[0].Zip(scores, (a, b) => (a - b) * (a - b)).Sum() / scores.Sum(score => score * score);
        Assert.InRange(Math.Sqrt(error), 0, 0.05);
    }

    [Fact]
    public async Task Interactions_that_are_late_are_read_off_fewer_pairs_soon_and_still_near()
    {
        var (game, _, truth) = Synthetic.LowOrder(30, 60, 3);
        var watch = new Stopwatch();
        var estimate = await PermutationShapley.EstimateAsync(
            game,
            new()
            {
                MaxEvaluations = 100_000,
                Interactions = true,
                OutOfTime = () =>
                {
                    watch.Restart();
                    return game.Evaluations >= 3000;
                },
            }
        );
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1.5);
        Assert.True(estimate.DeadlineReached);
        Assert.InRange(estimate.Evaluations, 2900, 3100);
        Assert.Equal(2048, estimate.InteractionEvaluations);
        var found = estimate.Interactions![0].Cast<double>();
        var error = found.Zip(truth.Cast<double>(), (a, b) => (a - b) * (a - b)).Sum() / truth.Cast<double>().Sum(value => value * value);
        Assert.InRange(Math.Sqrt(error), 0, 0.3);
    }

    [Theory]
    [InlineData(128, 500)]
    [InlineData(5000, 500)]
    public async Task Our_own_time_is_small_against_the_models(int players, int budget)
    {
        var game = Synthetic.Additive(players);
        foreach (var algorithm in new[] { ShapAlgorithm.Kernel, ShapAlgorithm.Permutation, ShapAlgorithm.Partition })
        {
            var watch = Stopwatch.StartNew();
            var estimate = await ShapleyEstimators.EstimateAsync(algorithm, game(), new() { MaxEvaluations = budget });
            Assert.All(estimate.Scores[0], score => Assert.True(double.IsFinite(score)));

            // Generous, for busy machines: the models take ten times as long for so many texts of such a length.
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, players > 1000 ? 8 : 2);
        }
    }
}
