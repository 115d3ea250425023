using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Numerics;
using ExplainService.Tests.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Lime;

/// <summary>The linear surrogate.</summary>
public sealed class LimeTests
{
    [Fact]
    public async Task The_ranking_of_a_surrogate_agrees_with_exact_Shapley_values()
    {
        var agreements = new List<double>();
        foreach (var (_, players, values, scores) in FunctionGame.References(atLeast: 4))
        {
            var estimate = await LimeEstimator.EstimateAsync(FunctionGame.OfTable(players, values), new() { Samples = 500 });
            agreements.Add(RankCorrelation.Spearman(estimate.Scores[0], scores));
        }

        agreements.Sort();
        Assert.InRange(agreements[(agreements.Count - 1) / 2], 0.9, 1);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(128)]
    [InlineData(250)]
    [InlineData(500)]
    public async Task Standard_errors_are_how_far_scores_move_between_seeds(int samples)
    {
        // Games of few units among them, of which nearly every coalition is drawn.
        var games = FunctionGame
            .References(atLeast: 8)
            .Select(reference => (Func<FunctionGame>)(() => FunctionGame.OfTable(reference.Players, reference.Values)))
            .Append(() => Synthetic.Saturating(9, 1))
            .Append(() => Synthetic.Saturating(20, 2))
            .Append(() => Synthetic.LowOrder(12, 12, 1).Game)
            .Where(make => samples < 1 << make().Players);
        var (within, total) = (0, 0);
        foreach (var make in games)
        {
            var estimates = new List<LimeEstimate>();
            for (var seed = 0; seed < 30; seed++)
            {
                estimates.Add(await LimeEstimator.EstimateAsync(make(), new() { Samples = samples, Seed = seed }));
            }

            var (moved, said) = (0.0, 0.0);
            for (var unit = 0; unit < estimates[0].Scores[0].Length; unit++)
            {
                var mean = estimates.Average(estimate => estimate.Scores[0][unit]);
                moved += estimates.Sum(estimate => Math.Pow(estimate.Scores[0][unit] - mean, 2) / (estimates.Count - 1));
                said += estimates.Average(estimate => Math.Pow(estimate.StandardErrors![0][unit], 2));
                within += estimates.Count(estimate => Math.Abs(estimate.Scores[0][unit] - mean) <= 2 * estimate.StandardErrors![0][unit]);
                total += estimates.Count;
            }

            Assert.InRange(Math.Sqrt(said / moved), 0.85, 1.6);
        }

        Assert.InRange((double)within / total, 0.93, 0.985);
    }

    [Theory]
    [Slow]
    [InlineData(3, 100)]
    [InlineData(6, 250)]
    public async Task Standard_errors_account_for_the_choice_of_features(int features, int samples)
    {
        var games = new List<Func<FunctionGame>>
        {
            () => Synthetic.Saturating(20, 2),
            () => Synthetic.LowOrder(12, 12, 1, 0.5).Game,
            () => Synthetic.LowOrder(40, 40, 2, 0.5).Game,
        };
        games.AddRange(
            FunctionGame
                .References(atLeast: 10)
                .Select(reference => (Func<FunctionGame>)(() => FunctionGame.OfTable(reference.Players, reference.Values)))
        );
        var (kept, others) = (new List<bool>(), new List<bool>());
        foreach (var make in games)
        {
            var (estimates, drawn) = (new List<LimeEstimate>(), new List<Coalition>());
            for (var seed = 0; seed < 20; seed++)
            {
                var game = make();
                estimates.Add(
                    await LimeEstimator.EstimateAsync(
                        game,
                        new()
                        {
                            Samples = samples,
                            Features = features,
                            Seed = seed,
                        }
                    )
                );
                drawn.AddRange(game.Asked);
            }

            var truth = OfAllDraws(make(), drawn, features, 1.0 / estimates.Count);
            foreach (var estimate in estimates)
            {
                for (var unit = 0; unit < truth.Length; unit++)
                {
                    var score = estimate.Scores[0][unit];
                    (score == 0 ? others : kept).Add(Math.Abs(score - truth[unit]) <= 2 * estimate.StandardErrors![0][unit]);
                }
            }
        }

        Assert.InRange(kept.Count(inside => inside) / (double)kept.Count, 0.92, 0.985);
        Assert.InRange(others.Count(inside => inside) / (double)others.Count, 0.95, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task A_short_text_s_few_coalitions_weigh_as_much_as_the_samples_so_that_the_penalty_takes_little(int players)
    {
        var worth = Enumerable.Range(1, players).Select(i => i % 2 == 0 ? -0.3 : 0.5).ToArray();
        var estimate = await LimeEstimator.EstimateAsync(Linear(worth, 0.1), new());
        Assert.All(worth.Zip(estimate.Scores[0]), pair => Assert.Equal(1, pair.Second / pair.First, 0.05));
        Assert.InRange(estimate.Shrinkage, 0, 0.05);
        Assert.Equal(new double[players], estimate.StandardErrors![0]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(500)]
    public async Task What_the_penalty_takes_is_known(int samples)
    {
        var estimate = await LimeEstimator.EstimateAsync(Linear([0.5], 0.1), new() { Samples = samples });
        Assert.Equal(0.5 * (1 - estimate.Shrinkage), estimate.Scores[0][0], 1e-9);
        Assert.Equal(samples < 100, estimate.Shrinkage > 0.2);
    }

    [Fact]
    public async Task Samples_just_short_of_every_coalition_and_just_beyond_weigh_the_same()
    {
        var (_, players, values, _) = FunctionGame.References(atLeast: 8).First();
        var (short1, all, beyond) = (
            await ScoresAsync((1 << players) - 2),
            await ScoresAsync(1 << players),
            await ScoresAsync((1 << players) + 2)
        );
        var largest = all.Max(Math.Abs);
        Assert.All(
            all.Zip(short1, beyond),
            near => Assert.InRange(Math.Max(Math.Abs(near.First - near.Second), Math.Abs(near.First - near.Third)), 0, 0.02 * largest)
        );

        async Task<double[]> ScoresAsync(int samples) =>
            (await LimeEstimator.EstimateAsync(FunctionGame.OfTable(players, values), new() { Samples = samples })).Scores[0];
    }

    [Fact]
    public async Task Where_nothing_is_drawn_the_standard_errors_are_zero_and_where_nothing_is_left_to_judge_by_there_are_none()
    {
        var (_, players, values, _) = FunctionGame.References(atLeast: 4).First();
        var whole = await LimeEstimator.EstimateAsync(FunctionGame.OfTable(players, values), new() { Samples = 1 << players });
        Assert.Equal(new double[players], whole.StandardErrors![0]);
        Assert.Equal(values[0], whole.BaseValue![0]);
        Assert.Null((await LimeEstimator.EstimateAsync(FunctionGame.OfTable(players, values), new() { Samples = players })).StandardErrors);
    }

    [Fact]
    public async Task A_linear_game_is_its_own_surrogate()
    {
        double[] worth = [0.5, -1, 2, 0, 0.25];
        var estimate = await LimeEstimator.EstimateAsync(Linear(worth, 3), new() { Samples = 32, Alpha = 1e-9 });
        Assert.All(worth.Zip(estimate.Scores[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.Equal(3, estimate.Intercept[0], 1e-6);
        Assert.Equal(1, estimate.R2[0], 1e-9);
        Assert.Equal(4.75, estimate.Value[0], 1e-12);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(500)]
    public async Task Coefficients_are_the_minimum_of_the_penalised_weighted_squares(int samples)
    {
        var random = new SeededRandom(2);
        var table = Enumerable.Range(0, 32).Select(_ => random.NextGaussian()).ToArray();
        var options = new LimeOptions
        {
            Samples = samples,
            KernelWidth = 0.4,
            Alpha = 0.7,
        };
        var estimate = await LimeEstimator.EstimateAsync(FunctionGame.OfTable(5, table), options);
        var best = Loss(estimate.Scores[0], estimate.Intercept[0]);
        for (var i = 0; i < 6; i++)
        {
            foreach (var step in new[] { -1e-3, 1e-3 })
            {
                var moved = (double[])estimate.Scores[0].Clone();
                moved[Math.Min(i, 4)] += i < 5 ? step : 0;
                Assert.True(Loss(moved, estimate.Intercept[0] + (i < 5 ? 0 : step)) > best);
            }
        }

        double Loss(double[] scores, double intercept) =>
            (options.Alpha * scores.Sum(score => score * score))
            + (
                samples
                / 32.0
                * Enumerable
                    .Range(0, 32)
                    .Sum(mask =>
                        LimeEstimator.Weight(int.PopCount(mask), 5, options.KernelWidth)
                        * Math.Pow(table[mask] - intercept - Enumerable.Range(0, 5).Sum(i => (mask >> i & 1) * scores[i]), 2)
                    )
            );
    }

    [Fact]
    public async Task Only_the_strongest_features_are_kept_when_so_asked()
    {
        var estimate = await LimeEstimator.EstimateAsync(Linear([0.5, -1, 2, 0.1, 0.25], 0), new() { Samples = 32, Features = 2 });
        Assert.Equal([1, 2], Enumerable.Range(0, 5).Where(i => estimate.Scores[0][i] != 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public async Task Without_a_penalty_samples_too_few_to_tell_units_apart_still_have_a_fit(int samples)
    {
        var seen = 0;
        var estimate = await LimeEstimator.EstimateAsync(
            Linear([0.5, -1, 2, 0.1, 0.25], 1),
            new()
            {
                Samples = 10,
                Alpha = 0,
                Features = 2,
                OutOfTime = () => ++seen >= samples,
            }
        );
        Assert.Equal(samples, estimate.Evaluations);
        Assert.All(estimate.Scores[0], score => Assert.True(double.IsFinite(score)));
    }

    [Fact]
    public async Task A_caller_that_leaves_before_the_fit_is_not_kept_waiting_for_it()
    {
        using var leave = new CancellationTokenSource();
        var seen = 0;
        var game = new FunctionGame(
            20,
            1,
            coalition =>
            {
                if (++seen == 100)
                {
                    leave.Cancel();
                }

                return [coalition.Count];
            }
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            LimeEstimator.EstimateAsync(game, new() { Samples = 100 }, leave.Token)
        );
    }

    [Fact]
    public async Task A_caller_that_leaves_while_features_are_chosen_anew_is_not_kept_waiting_for_the_rest()
    {
        using var leave = new CancellationTokenSource();
        var asked = 0;
        var options = new LimeOptions
        {
            Samples = 100,
            Features = 3,
            OutOfTime = () =>
            {
                if (++asked == 110)
                {
                    leave.Cancel();
                }

                return false;
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            LimeEstimator.EstimateAsync(Synthetic.Saturating(20, 2), options, leave.Token)
        );
        Assert.Equal(110, asked);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(120)]
    public async Task When_the_time_is_up_features_are_not_chosen_anew_to_judge_the_choice(int asks)
    {
        var asked = 0;
        var options = new LimeOptions
        {
            Samples = 100,
            Features = 3,
            OutOfTime = () => ++asked > asks,
        };
        var estimate = await LimeEstimator.EstimateAsync(Synthetic.Saturating(12, 2), options);
        Assert.True(estimate.DeadlineReached);
        Assert.Null(estimate.StandardErrors);
        Assert.Equal(3, estimate.Scores[0].Count(score => score != 0));
        Assert.Equal(asks + 1, asked);
    }

    [Theory]
    [InlineData(0.001, null, false)]
    [InlineData(0.001, 3, false)]
    [InlineData(0.02, null, false)]
    [InlineData(0.75, null, true)]
    public async Task Samples_that_hardly_weigh_are_not_counted_on_to_judge_by(double width, int? features, bool enough)
    {
        var options = new LimeOptions
        {
            Samples = 300,
            KernelWidth = width,
            Features = features,
        };
        var estimate = await LimeEstimator.EstimateAsync(Synthetic.Saturating(20, 2), options);
        Assert.Equal(enough, estimate.StandardErrors is not null);
        Assert.NotEqual(enough, estimate.HeldByPenalty);
        Assert.InRange(estimate.EffectiveSamples, enough ? 21 : 1, enough ? 300 : 21);
    }

    [Theory]
    [InlineData(0.001, true)]
    [InlineData(0.75, false)]
    public async Task All_coalitions_tell_nothing_where_none_but_the_text_weighs(double width, bool held)
    {
        var (_, players, values, _) = FunctionGame.References(atLeast: 4).First();
        var options = new LimeOptions { Samples = 1 << players, KernelWidth = width };
        var estimate = await LimeEstimator.EstimateAsync(FunctionGame.OfTable(players, values), options);
        Assert.Equal(held, estimate.HeldByPenalty);
        Assert.Equal(held, estimate.StandardErrors is null);
    }

    [Theory]
    [InlineData(0, 500, 1)]
    [InlineData(1, 500, 2)]
    [InlineData(3, 500, 8)]
    [InlineData(3, 5, 5)]
    [InlineData(300, 100, 100)]
    public async Task Samples_are_never_exceeded_and_no_coalition_is_drawn_twice(int players, int samples, int expected)
    {
        var game = Synthetic.Saturating(players, 1);
        var estimate = await LimeEstimator.EstimateAsync(game, new() { Samples = samples });
        Assert.Equal(expected, estimate.Evaluations);
        Assert.Equal(expected, game.Evaluations);
        Assert.All(estimate.Scores[0], score => Assert.True(double.IsFinite(score)));
    }

    /// <summary>What the surrogate of a game tends to as draws of its coalitions go on, their weight being that of one draw.</summary>
    private static double[] OfAllDraws(FunctionGame game, IReadOnlyList<Coalition> coalitions, int features, double weight)
    {
        var players = game.Players;
        double[] weights =
        [
            .. coalitions.Select(coalition => weight * LimeEstimator.Weight(coalition.Count, players, new LimeOptions().KernelWidth)),
        ];
        double[] targets = [.. coalitions.Select(coalition => game.ValueOf(coalition)[0])];
        var all = Fit([.. Enumerable.Range(0, players)]);
        int[] kept = [.. Enumerable.Range(0, players).OrderByDescending(unit => Math.Abs(all[unit])).Take(features)];
        var scores = new double[players];
        foreach (var (unit, score) in kept.Zip(Fit(kept)))
        {
            scores[unit] = score;
        }

        return scores;

        double[] Fit(int[] units) =>
            new WeightedRidge(
                [.. units.Select(unit => coalitions.Select(coalition => coalition[unit] ? 1.0 : 0).ToArray())],
                weights,
                new LimeOptions().Alpha
            )
                .Fit(targets)
                .Coefficients;
    }

    private static FunctionGame Linear(double[] worth, double intercept) =>
        new(worth.Length, 1, coalition => [intercept + worth.Where((_, i) => coalition[i]).Sum()]);
}
