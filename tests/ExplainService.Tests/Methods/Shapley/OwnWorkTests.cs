using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>
/// What estimators do beside the model, in time and after a deadline, by the memory that it allocates: the size of their matrices decides
/// their time, which the benchmarks' <c>own</c> measures.
/// </summary>
public sealed class OwnWorkTests
{
    private const int Evaluations = 3000;

    [Fact]
    public async Task A_late_regression_on_many_evaluations_is_a_light_one_and_still_near()
    {
        var (game, scores, _) = Synthetic.LowOrder(30, 60, 3);
        var (late, estimate) = await AfterTheDeadlineAsync(ShapAlgorithm.Kernel, game, interactions: false);
        Assert.True(estimate.DeadlineReached);
        var error = estimate.Scores[0].Zip(scores, (a, b) => (a - b) * (a - b)).Sum() / scores.Sum(score => score * score);
        Assert.InRange(Math.Sqrt(error), 0, 0.05);

        // In time there is a matrix of all 1,500 pairs, 18 MB, and what is learnt with it.
        var inTime = await Allocations.OfAsync(() =>
            KernelShapley.EstimateAsync(new AdditiveGame(30), new() { MaxEvaluations = Evaluations })
        );
        Assert.InRange(late, 0, 50e6);
        Assert.InRange(late, 0, inTime - (1400 * 1400 * sizeof(double)));
    }

    [Fact]
    public async Task Interactions_that_are_late_are_read_off_fewer_pairs_and_still_near()
    {
        var (game, _, truth) = Synthetic.LowOrder(30, 60, 3);
        var (late, estimate) = await AfterTheDeadlineAsync(ShapAlgorithm.Permutation, game, interactions: true);
        Assert.True(estimate.DeadlineReached);
        Assert.InRange(estimate.Evaluations, 2900, 3100);
        Assert.Equal(2048, estimate.InteractionEvaluations);
        Assert.InRange(late, 0, 80e6);
        var found = estimate.Interactions![0].Cast<double>();
        var error = found.Zip(truth.Cast<double>(), (a, b) => (a - b) * (a - b)).Sum() / truth.Cast<double>().Sum(value => value * value);
        Assert.InRange(Math.Sqrt(error), 0, 0.3);
    }

    [Theory]
    [InlineData(ShapAlgorithm.Kernel, 128, 40e6)]
    [InlineData(ShapAlgorithm.Kernel, 5000, 80e6)]
    [InlineData(ShapAlgorithm.Permutation, 128, 0.3e6)]
    [InlineData(ShapAlgorithm.Permutation, 5000, 12e6)]
    [InlineData(ShapAlgorithm.Partition, 128, 0.7e6)]
    [InlineData(ShapAlgorithm.Partition, 5000, 2.2e6)]
    public async Task Five_hundred_evaluations_take_little_of_our_own(ShapAlgorithm algorithm, int players, double most)
    {
        ShapleyEstimate? estimate = null;
        var bytes = await Allocations.OfAsync(async () =>
            estimate = await ShapleyEstimators.EstimateAsync(algorithm, new AdditiveGame(players), new() { MaxEvaluations = 500 })
        );
        Assert.All(estimate!.Scores[0], score => Assert.True(double.IsFinite(score)));
        Assert.InRange(bytes, 0, most);
    }

    /// <summary>What is allocated from the moment at which the estimator learns that its time is up.</summary>
    private static async Task<(long Bytes, ShapleyEstimate Estimate)> AfterTheDeadlineAsync(
        ShapAlgorithm algorithm,
        FunctionGame game,
        bool interactions
    )
    {
        game.Suspends = false;
        var upTo = 0L;
        ShapleyEstimate? estimate = null;
        var start = GC.GetAllocatedBytesForCurrentThread();
        var all = await Allocations.OfAsync(async () =>
            estimate = await ShapleyEstimators.EstimateAsync(
                algorithm,
                game,
                new()
                {
                    MaxEvaluations = 100_000,
                    Interactions = interactions,
                    OutOfTime = () =>
                    {
                        upTo = GC.GetAllocatedBytesForCurrentThread() - start;
                        return game.Evaluations >= Evaluations;
                    },
                }
            )
        );
        return (all - upTo, estimate!);
    }
}
