using ExplainService.Methods.Numerics;
using ExplainService.Methods.Perturbation;
using ExplainService.Tests.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Perturbation;

/// <summary>The linear surrogate.</summary>
public sealed class LimeTests
{
    [Fact]
    public async Task Its_ranking_agrees_with_exact_Shapley_values()
    {
        var agreements = new List<double>();
        foreach (var (_, players, values, scores) in FunctionGame.References(atLeast: 4))
        {
            var estimate = await Lime.EstimateAsync(FunctionGame.OfTable(players, values), new() { Samples = 500 });
            agreements.Add(RankCorrelation.Spearman(estimate.Scores[0], scores));
        }

        agreements.Sort();
        Assert.InRange(agreements[(agreements.Count - 1) / 2], 0.9, 1);
    }

    [Fact]
    public async Task Standard_errors_say_how_far_scores_move_between_seeds()
    {
        var (within, total) = (0, 0);
        foreach (var (_, players, values, _) in FunctionGame.References(atLeast: 10))
        {
            var estimates = new List<LimeEstimate>();
            for (var seed = 0; seed < 40; seed++)
            {
                estimates.Add(await Lime.EstimateAsync(FunctionGame.OfTable(players, values), new() { Samples = 128, Seed = seed }));
            }

            for (var unit = 0; unit < players; unit++)
            {
                var mean = estimates.Average(estimate => estimate.Scores[0][unit]);
                within += estimates.Count(estimate => Math.Abs(estimate.Scores[0][unit] - mean) <= 2 * estimate.StandardErrors![0][unit]);
                total += estimates.Count;
            }
        }

        Assert.InRange((double)within / total, 0.92, 0.995);
    }

    [Fact]
    public async Task Where_nothing_is_drawn_the_standard_errors_are_zero_and_where_nothing_is_left_to_judge_by_there_are_none()
    {
        var (_, players, values, _) = FunctionGame.References(atLeast: 4).First();
        var whole = await Lime.EstimateAsync(FunctionGame.OfTable(players, values), new() { Samples = 1 << players });
        Assert.Equal(new double[players], whole.StandardErrors![0]);
        Assert.Equal(values[0], whole.BaseValue![0]);
        Assert.Null((await Lime.EstimateAsync(FunctionGame.OfTable(players, values), new() { Samples = players })).StandardErrors);
    }

    [Fact]
    public async Task A_linear_game_is_its_own_surrogate()
    {
        double[] worth = [0.5, -1, 2, 0, 0.25];
        var estimate = await Lime.EstimateAsync(Linear(worth, 3), new() { Samples = 32, Alpha = 1e-9 });
        Assert.All(worth.Zip(estimate.Scores[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.Equal(3, estimate.Intercept[0], 1e-6);
        Assert.Equal(1, estimate.R2[0], 1e-9);
        Assert.Equal(4.75, estimate.Value[0], 1e-12);
    }

    [Fact]
    public async Task Coefficients_are_the_minimum_of_the_penalised_weighted_squares()
    {
        var random = new SeededRandom(2);
        var table = Enumerable.Range(0, 32).Select(_ => random.NextGaussian()).ToArray();
        var options = new LimeOptions { Samples = 32, KernelWidth = 0.4, Alpha = 0.7 };
        var estimate = await Lime.EstimateAsync(FunctionGame.OfTable(5, table), options);
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

        double Loss(double[] scores, double intercept) => (options.Alpha * scores.Sum(score => score * score))
            + Enumerable.Range(0, 32).Sum(mask => Lime.Weight(int.PopCount(mask), 5, options.KernelWidth)
                * Math.Pow(table[mask] - intercept - Enumerable.Range(0, 5).Sum(i => (mask >> i & 1) * scores[i]), 2));
    }

    [Fact]
    public async Task Only_the_strongest_features_are_kept_when_so_asked()
    {
        var estimate = await Lime.EstimateAsync(Linear([0.5, -1, 2, 0.1, 0.25], 0), new() { Samples = 32, Features = 2 });
        Assert.Equal([1, 2], Enumerable.Range(0, 5).Where(i => estimate.Scores[0][i] != 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public async Task Without_a_penalty_samples_too_few_to_tell_units_apart_still_have_a_fit(int samples)
    {
        var seen = 0;
        var estimate = await Lime.EstimateAsync(Linear([0.5, -1, 2, 0.1, 0.25], 1), new() { Samples = 10, Alpha = 0, Features = 2, OutOfTime = () => ++seen >= samples });
        Assert.Equal(samples, estimate.Evaluations);
        Assert.All(estimate.Scores[0], score => Assert.True(double.IsFinite(score)));
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
        var estimate = await Lime.EstimateAsync(game, new() { Samples = samples });
        Assert.Equal(expected, estimate.Evaluations);
        Assert.Equal(expected, game.Evaluations);
        Assert.All(estimate.Scores[0], score => Assert.True(double.IsFinite(score)));
    }

    private static FunctionGame Linear(double[] worth, double intercept) =>
        new(worth.Length, 1, coalition => [intercept + worth.Where((_, i) => coalition[i]).Sum()]);
}
