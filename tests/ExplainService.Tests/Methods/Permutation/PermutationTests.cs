using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Permutation;
using Xunit;

namespace ExplainService.Tests.Methods.Permutation;

/// <summary>What f loses when other units take a unit's place: draws and their sums.</summary>
public sealed class PermutationTests
{
    private static readonly Func<bool> InTime = () => false;

    [Theory]
    [InlineData(7, 1, 7, true, 4, 4)]
    [InlineData(7, 1, 7, true, 100, 6)]
    [InlineData(7, 3, 7, true, 6, 6)]
    [InlineData(3, 1, 5, false, 100, 5)]
    [InlineData(5000, 50, 5000, true, 3, 3)]
    public void Every_unit_meets_every_replacement_at_most_once_and_never_itself(
        int units,
        int group,
        int replacements,
        bool own,
        int samples,
        int rounds
    )
    {
        var plan = new PermutationPlan(units, group, replacements, own, samples, seed: 3);
        Assert.Equal(rounds, plan.Rounds);
        Assert.Equal(units, plan.Groups.Sum(range => range.End.Value - range.Start.Value));
        var draws = plan.Draws().ToArray();
        for (var unit = 0; unit < units; unit++)
        {
            var drawn = draws.Select(round => round[unit]).ToArray();
            Assert.Equal(rounds, drawn.Distinct().Count());
            Assert.All(drawn, replacement => Assert.True(replacement >= 0 && replacement < replacements && (!own || replacement != unit)));
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_another_seed_does_not()
    {
        var (one, same, other) = (Draws(1), Draws(1), Draws(2));
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);

        static int[] Draws(long seed) => [.. new PermutationPlan(30, 1, 30, true, 5, seed).Draws().SelectMany(round => round)];
    }

    [Fact]
    public void Draws_that_nobody_gets_to_take_no_memory()
    {
        var plan = new PermutationPlan(5_000, 1, 10_000, false, 10_000, seed: 0);
        Assert.InRange(Allocations.Of(() => Assert.Equal(3, plan.Draws().Take(3).Count())), 0, 8 << 20);
        Assert.Equal(50_000_000, plan.Count);
    }

    [Fact]
    public async Task A_score_is_the_text_s_less_the_mean_with_another_in_its_place()
    {
        // f of two groups over three rounds, the text's own first.
        var plan = new PermutationPlan(2, 1, 9, false, 3, 0);
        var estimate = (await PermutationEstimator.EstimateAsync(Scores(1, 0.4, 0.9, 0.2, 0.7, 0.6, 0.8), plan, 9, InTime, default));
        Assert.Equal(7, estimate.Evaluations);
        Assert.Equal(1 - 0.4, estimate.Scores[0][0], 1e-12);
        Assert.Equal(1 - 0.8, estimate.Scores[0][1], 1e-12);

        // s = 0.2 and 0.1; three of nine replacements were seen.
        var wide = SmallSampleErrors.StandardErrors([2 * 0.04, 2 * 0.01], [3, 3]);
        Assert.Equal(wide[0] * Math.Sqrt(6 / 9.0), estimate.StandardErrors![0][0], 1e-12);
        Assert.Equal(wide[1] * Math.Sqrt(6 / 9.0), estimate.StandardErrors[0][1], 1e-12);
    }

    [Fact]
    public async Task With_every_replacement_drawn_nothing_is_left_to_chance()
    {
        var estimate = (
            await PermutationEstimator.EstimateAsync(Scores(1, 0.5, 0.25), new PermutationPlan(1, 1, 2, false, 10, 0), 2, InTime, default)
        );
        Assert.Equal(0.625, estimate.Scores[0][0], 1e-12);
        Assert.Equal(0, estimate.StandardErrors![0][0]);
    }

    [Fact]
    public async Task A_single_draw_of_many_tells_no_error() =>
        Assert.Null(
            (
                await PermutationEstimator.EstimateAsync(Scores(1, 0.5), new PermutationPlan(1, 1, 5, false, 1, 0), 5, InTime, default)
            ).StandardErrors
        );

    [Fact]
    public async Task A_unit_of_a_single_draw_has_no_error_and_leaves_the_others_theirs()
    {
        // The time is up in the second of nine rounds: the first group has two draws, the second one.
        var plan = new PermutationPlan(2, 1, 9, false, 9, 0);
        var estimate = await PermutationEstimator.EstimateAsync(Scores(1, 0.4, 0.9, 0.2), plan, 9, InTime, default);
        var wide = SmallSampleErrors.StandardErrors([0.02, 0], [2, 1]);
        Assert.Equal(wide[0] * Math.Sqrt(7 / 9.0), estimate.StandardErrors![0][0], 1e-12);
        Assert.Equal(double.NaN, estimate.StandardErrors[0][1]);
        Assert.True(estimate.HasUnjudged);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task When_the_time_is_up_units_that_were_replaced_have_a_score_and_others_none(int scoresInTime)
    {
        var seen = 0;
        var plan = new PermutationPlan(2, 1, 9, false, 3, 0);
        var estimate = await PermutationEstimator.EstimateAsync(
            Scores(1, 0.4, 0.9, 0.2, 0.7, 0.6, 0.8),
            plan,
            9,
            () => ++seen >= scoresInTime,
            default
        );
        Assert.True(estimate.DeadlineReached);
        Assert.Equal(scoresInTime, estimate.Evaluations);
        Assert.Equal(scoresInTime == 5 ? 1 - 0.3 : 1 - 0.4, estimate.Scores[0][0], 1e-12);
        Assert.Equal(scoresInTime == 2, double.IsNaN(estimate.Scores[0][1]));
    }

    [Fact]
    public async Task Scores_that_end_early_are_summed_up_and_none_are_no_answer()
    {
        var plan = new PermutationPlan(2, 1, 9, false, 3, 0);
        Assert.True((await PermutationEstimator.EstimateAsync(Scores(1, 0.4, 0.9, 0.2), plan, 9, InTime, default)).DeadlineReached);
        await Assert.ThrowsAsync<NoPartialResultException>(() => PermutationEstimator.EstimateAsync(Scores(1), plan, 9, InTime, default));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(20)]
    public async Task Two_standard_errors_hold_the_mean_over_all_replacements_about_95_times_in_100(int draws)
    {
        // Twelve units of unequal spread and forty replacements, whose effects have heavier tails than the normal.
        const int Units = 12;
        const int Replacements = 40;
        var (inside, all) = (0, 0);
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new SeededRandom(seed);
            var worth = Enumerable
                .Range(0, Units)
                .Select(_ => Math.Exp(random.NextGaussian() / 2))
                .Select(spread =>
                    Enumerable
                        .Range(0, Replacements)
                        .Select(_ => spread * random.NextGaussian() * (random.NextDouble() < 0.2 ? 2 : 1))
                        .ToArray()
                )
                .ToArray();
            var plan = new PermutationPlan(Units, 1, Replacements, false, draws, seed);
            var scores = plan.Draws()
                .SelectMany(drawn => drawn.Select((replacement, unit) => -worth[unit][replacement]))
                .Prepend(0)
                .ToArray();
            var estimate = await PermutationEstimator.EstimateAsync(Scores(scores), plan, Replacements, InTime, default);
            all += Units;
            inside += Enumerable
                .Range(0, Units)
                .Count(unit => Math.Abs(estimate.Scores[0][unit] - worth[unit].Average()) <= 2 * estimate.StandardErrors![0][unit]);
        }

        Assert.InRange((double)inside / all, 0.93, 0.985);
    }

    [Fact]
    public async Task A_single_unit_has_no_others_to_learn_its_spread_from()
    {
        var (inside, all) = (0, 400);
        for (var seed = 0; seed < all; seed++)
        {
            var random = new SeededRandom(seed);
            var worth = Enumerable.Range(0, 200).Select(_ => random.NextGaussian()).ToArray();
            var plan = new PermutationPlan(1, 1, worth.Length, false, 2, seed);
            var estimate = await PermutationEstimator.EstimateAsync(
                Scores([0, .. plan.Draws().Select(drawn => worth[drawn[0]])]),
                plan,
                worth.Length,
                InTime,
                default
            );
            inside += Math.Abs(estimate.Scores[0][0] + worth.Average()) <= 2 * estimate.StandardErrors![0][0] ? 1 : 0;
        }

        Assert.InRange((double)inside / all, 0.92, 0.98);
    }

    private static async IAsyncEnumerable<double[]> Scores(params double[] values)
    {
        await Task.Yield();
        foreach (var value in values)
        {
            yield return [value];
        }
    }
}
