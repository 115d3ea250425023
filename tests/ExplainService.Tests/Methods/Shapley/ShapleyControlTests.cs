using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>Budgets, tolerance, deadlines, cancellation and the choice of an algorithm.</summary>
public sealed class ShapleyControlTests
{
    public static TheoryData<ShapAlgorithm> Sampled => [ShapAlgorithm.Kernel, ShapAlgorithm.Permutation];

    [Theory]
    [InlineData(0, 500, ShapAlgorithm.Exact)]
    [InlineData(8, 256, ShapAlgorithm.Exact)]
    [InlineData(8, 255, ShapAlgorithm.Kernel)]
    [InlineData(13, 10000, ShapAlgorithm.Kernel)]
    [InlineData(128, 500, ShapAlgorithm.Kernel)]
    [InlineData(5000, 500, ShapAlgorithm.Partition)]
    public void Auto_chooses_by_units_and_budget(int players, int budget, ShapAlgorithm expected) =>
        Assert.Equal(expected, ShapleyEstimators.Choose(players, budget));

    [Fact]
    public async Task Exact_refuses_more_units_than_it_can_enumerate() =>
        await Assert.ThrowsAsync<ArgumentException>(() => ExactShapley.EstimateAsync(Synthetic.Saturating(21, 1), new()));

    [Theory]
    [MemberData(nameof(Sampled))]
    public async Task A_tolerance_stops_before_the_budget_and_is_kept(ShapAlgorithm algorithm)
    {
        var game = Synthetic.Saturating(16, 4);
        var estimate = await ShapleyEstimators.EstimateAsync(algorithm, game, new() { MaxEvaluations = 20_000, Tolerance = 0.02 });
        Assert.True(estimate.Converged);
        Assert.True(estimate.Evaluations < 20_000);
        Assert.True(estimate.StandardErrors!.SelectMany(errors => errors).Max() <= 0.02);
    }

    [Theory]
    [InlineData(ShapAlgorithm.Exact)]
    [InlineData(ShapAlgorithm.Kernel)]
    [InlineData(ShapAlgorithm.Permutation)]
    [InlineData(ShapAlgorithm.Partition)]
    public async Task When_the_time_is_up_the_best_so_far_is_returned_and_adds_up(ShapAlgorithm algorithm)
    {
        foreach (var allowed in new[] { 0, 1, 7, 60 })
        {
            var game = Synthetic.Saturating(12, 9);
            var estimate = await ShapleyEstimators.EstimateAsync(
                algorithm,
                game,
                new() { MaxEvaluations = 500, OutOfTime = () => game.Evaluations >= allowed }
            );
            Assert.True(estimate.DeadlineReached);
            Assert.False(estimate.Converged);
            Assert.InRange(game.Evaluations, 2, Math.Max(2, allowed));
            Assert.Equal(estimate.Value[0] - estimate.BaseValue[0], estimate.Scores[0].Sum(), 1e-9);
        }
    }

    [Fact]
    public async Task An_order_that_was_begun_is_not_wasted_when_the_time_is_up()
    {
        // A whole order of 40 takes 39 evaluations: after 25 of them some players were met alone, the others share what is left.
        var game = Synthetic.Additive(40)();
        var estimate = await PermutationShapley.EstimateAsync(
            game,
            new() { MaxEvaluations = 5000, OutOfTime = () => game.Evaluations >= 27 }
        );
        var exact = Enumerable.Range(0, 40).Select(player => 1.0 / (player + 1)).ToArray();
        Assert.Equal(25, estimate.Scores[0].Zip(exact, (score, worth) => Math.Abs(score - worth) < 1e-9).Count(met => met));
        Assert.Equal(exact.Sum(), estimate.Scores[0].Sum(), 1e-9);
    }

    [Fact]
    public async Task A_cancelled_request_evaluates_nothing_more()
    {
        using var leave = new CancellationTokenSource();
        var seen = 0;
        var game = new FunctionGame(
            20,
            1,
            coalition =>
            {
                if (++seen == 50)
                {
                    leave.Cancel();
                }

                return [coalition.Count];
            }
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => KernelShapley.EstimateAsync(game, new(), leave.Token));
        Assert.Equal(50, seen);
    }

    [Fact]
    public async Task A_caller_that_leaves_before_the_regression_is_not_kept_waiting_for_it()
    {
        using var leave = new CancellationTokenSource();
        var seen = 0;
        var game = new FunctionGame(
            20,
            1,
            coalition =>
            {
                if (++seen == 500)
                {
                    leave.Cancel();
                }

                return [coalition.Count];
            }
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            KernelShapley.EstimateAsync(game, new() { MaxEvaluations = 500 }, leave.Token)
        );
    }

    [Fact]
    public async Task Orders_that_have_met_every_coalition_are_counted_rather_than_averaged_over()
    {
        var table = Enumerable.Range(0, 64).Select(mask => Math.Sin(mask * mask)).ToArray();
        var estimate = await PermutationShapley.EstimateAsync(
            FunctionGame.OfTable(6, table),
            new() { MaxEvaluations = 1_000_000, Tolerance = 0 }
        );
        Assert.True(estimate.Converged);
        Assert.Equal(64, estimate.Evaluations);
        Assert.Equal(new double[6], estimate.StandardErrors![0]);
        Assert.Equal(ExactShapley.Scores(6, table), estimate.Scores[0], (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Theory]
    [Slow]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Orders_that_ask_nothing_new_go_on_for_no_longer_than_the_caller_and_the_time(bool cancelled)
    {
        // Of these coalitions all but a few are known soon, and orders that meet one of the few are rare.
        using var leave = new CancellationTokenSource();
        var asks = 0;
        var table = Enumerable.Range(0, 1 << 16).Select(mask => Math.Sin(mask)).ToArray();
        var options = new ShapleyOptions
        {
            MaxEvaluations = 1 << 16,
            Tolerance = 0,
            OutOfTime = () =>
            {
                if (++asks == 100_000 && cancelled)
                {
                    leave.Cancel();
                }

                return asks >= 100_000 && !cancelled;
            },
        };
        var running = PermutationShapley.EstimateAsync(FunctionGame.OfTable(16, table), options, leave.Token);
        if (cancelled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }
        else
        {
            Assert.True((await running).DeadlineReached);
        }

        Assert.Equal(100_000, asks);
    }

    [Fact]
    [Slow]
    public async Task A_game_that_never_changes_gives_nobody_anything_however_long_the_text()
    {
        // More pairs than one regression takes, too few a player for a linear correction.
        var constant = new FunctionGame(900, 1, _ => [1]);
        var estimate = await KernelShapley.EstimateAsync(constant, new() { MaxEvaluations = 6500 });
        Assert.All(estimate.Scores[0], score => Assert.Equal(0, score));
        Assert.All(estimate.StandardErrors![0], error => Assert.InRange(error, 0, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Sampled))]
    public async Task That_a_few_values_are_the_same_is_no_certainty(ShapAlgorithm algorithm)
    {
        // Nothing changes but in the one coalition of all but the last two, which few evaluations do not meet.
        var rare = new FunctionGame(31, 1, coalition => [coalition.Count == 29 && !coalition[29] && !coalition[30] ? 1 : 0]);
        var estimate = await ShapleyEstimators.EstimateAsync(algorithm, rare, new() { MaxEvaluations = 30 });
        Assert.Null(estimate.StandardErrors);
        Assert.False(estimate.Converged);
    }

    [Theory]
    [MemberData(nameof(Sampled))]
    public async Task No_tolerance_is_reached_by_a_pair_of_coalitions(ShapAlgorithm algorithm) =>
        Assert.False(
            (
                await ShapleyEstimators.EstimateAsync(algorithm, Synthetic.Additive(31)(), new() { MaxEvaluations = 4, Tolerance = 100 })
            ).Converged
        );

    [Fact]
    public async Task Every_output_is_explained_as_if_it_were_alone()
    {
        var both = await KernelShapley.EstimateAsync(Synthetic.Saturating(18, 6), new() { MaxEvaluations = 200 });
        for (var output = 0; output < 2; output++)
        {
            var pair = Synthetic.Saturating(18, 6);
            var alone = new FunctionGame(18, 1, coalition => [Value(pair, coalition)[output]]);
            var single = await KernelShapley.EstimateAsync(alone, new() { MaxEvaluations = 200 });
            Assert.Equal(single.Scores[0], both.Scores[output], (a, b) => Math.Abs(a - b) < 1e-6);
        }

        static double[] Value(FunctionGame game, Coalition coalition) => game.ValueOf(coalition);
    }

    [Fact]
    public async Task Owen_values_of_a_full_budget_are_those_of_the_definition()
    {
        // Two groups {0, 1} and {2, 3}: with two players everywhere, an Owen value is a mean over four contexts.
        var table = Enumerable.Range(0, 16).Select(mask => Math.Sin(mask * mask)).ToArray();
        var estimate = await PartitionShapley.EstimateAsync(FunctionGame.OfTable(4, table), new() { MaxEvaluations = 100 });
        var expected = (Added(0, 1, 0) + Added(0, 1, 2) + Added(0, 1, 12) + Added(0, 1, 14)) / 4;
        Assert.Equal(expected, estimate.Scores[0][0], 1e-12);
        Assert.True(estimate.Converged);

        double Added(int from, int player, int context) => table[from | context | player] - table[from | context];
    }
}
