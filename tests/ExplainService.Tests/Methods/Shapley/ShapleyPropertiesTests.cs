using CsCheck;
using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>What makes Shapley values Shapley values, over random games.</summary>
public sealed class ShapleyPropertiesTests
{
    private static readonly Gen<(int Players, double[] Values)> Tables =
        from players in Gen.Int[1, 7]
        from values in Gen.Double[-3, 3].Array[1 << players]
        select (players, values);

    public static TheoryData<ShapAlgorithm> Sampled => [ShapAlgorithm.Kernel, ShapAlgorithm.Permutation, ShapAlgorithm.Partition];

    [Fact]
    public void Exact_scores_match_the_average_over_all_orders() =>
        Tables
            .Where(game => game.Players <= 5)
            .Sample(game =>
            {
                var (players, values) = game;
                var expected = new double[players];
                var orders = 0;
                foreach (var order in Orders([.. Enumerable.Range(0, players)], 0))
                {
                    var mask = 0;
                    orders++;
                    foreach (var player in order)
                    {
                        expected[player] += values[mask | 1 << player] - values[mask];
                        mask |= 1 << player;
                    }
                }

                Near(expected.Select(sum => sum / orders), ExactShapley.Scores(players, values));
            });

    [Fact]
    public void Twins_get_the_same_and_those_who_change_nothing_get_nothing() =>
        Tables.Sample(game =>
        {
            // Players 0 and 1 are told apart by no coalition, the last changes nothing.
            var (players, values) = game;
            var all = players + 2;
            var table = new double[1 << (all + 1)];
            for (var mask = 0; mask < table.Length; mask++)
            {
                var twins = (mask & 1) + (mask >> 1 & 1);
                table[mask] = values[mask >> 2 & ((1 << players) - 1)] * (1 + twins) + twins * twins;
            }

            var scores = ExactShapley.Scores(all + 1, table);
            Assert.Equal(scores[0], scores[1], 1e-9);
            Assert.Equal(0, scores[all], 1e-9);
            var interactions = ExactShapley.Interactions(all + 1, table);
            Assert.All(Enumerable.Range(0, all), i => Assert.Equal(0, interactions[i, all], 1e-9));
        });

    [Fact]
    public void Scores_and_interactions_of_a_sum_of_games_are_the_sums() =>
        Tables
            .Select(Gen.Double[-2, 2])
            .Sample(
                (game, factor) =>
                {
                    var (players, values) = game;
                    var other = values.Select((value, mask) => (value * value) - mask).ToArray();
                    var both = values.Zip(other, (a, b) => a + (factor * b)).ToArray();
                    Near(
                        ExactShapley.Scores(players, values).Zip(ExactShapley.Scores(players, other), (a, b) => a + (factor * b)),
                        ExactShapley.Scores(players, both)
                    );
                }
            );

    [Theory]
    [Slow]
    [MemberData(nameof(Sampled))]
    public async Task Any_budget_and_any_number_of_units_add_up_and_stay_within_the_budget(ShapAlgorithm algorithm) =>
        await Gen.Select(Gen.Int[0, 200], Gen.Int[2, 300], Gen.Long)
            .SampleAsync(
                async (players, budget, seed) =>
                {
                    var game = Synthetic.Saturating(players, seed);
                    var estimate = await ShapleyEstimators.EstimateAsync(algorithm, game, new() { MaxEvaluations = budget, Seed = seed });
                    Assert.InRange(game.Evaluations, 1, budget);
                    Assert.Equal(game.Evaluations, estimate.Evaluations);
                    Assert.All(estimate.Scores.SelectMany(scores => scores), score => Assert.True(double.IsFinite(score)));
                    Assert.All(
                        (estimate.StandardErrors ?? []).SelectMany(errors => errors),
                        error => Assert.True(error >= 0 && double.IsFinite(error))
                    );
                    for (var output = 0; output < estimate.Scores.Length; output++)
                    {
                        Assert.Equal(players, estimate.Scores[output].Length);
                        Assert.Equal(
                            players == 0 ? 0 : estimate.Value[output] - estimate.BaseValue[output],
                            estimate.Scores[output].Sum(),
                            1e-9
                        );
                    }
                },
                iter: 60
            );

    [Theory]
    [MemberData(nameof(Sampled))]
    public async Task A_budget_that_covers_every_coalition_gives_the_exact_values_except_along_a_tree(ShapAlgorithm algorithm) =>
        await Tables.SampleAsync(
            async game =>
            {
                var (players, values) = game;
                var estimate = await ShapleyEstimators.EstimateAsync(
                    algorithm,
                    FunctionGame.OfTable(players, values),
                    new() { MaxEvaluations = 1 << Math.Max(1, players) }
                );
                Assert.True(estimate.Converged);
                if (algorithm != ShapAlgorithm.Partition || players <= 2)
                {
                    Near(ExactShapley.Scores(players, values), estimate.Scores[0]);
                }
            },
            iter: 60
        );

    [Theory]
    [MemberData(nameof(Sampled))]
    public async Task The_same_seed_gives_the_same_bits_and_another_seed_other_draws(ShapAlgorithm algorithm)
    {
        var draws = new List<ShapleyEstimate>();
        foreach (var seed in new[] { 7, 7, 8 })
        {
            draws.Add(
                await ShapleyEstimators.EstimateAsync(
                    algorithm,
                    Synthetic.Saturating(20, 3),
                    new()
                    {
                        MaxEvaluations = 150,
                        Seed = seed,
                        Interactions = true,
                    }
                )
            );
        }

        Assert.Equal(draws[0].Scores, draws[1].Scores);
        Assert.Equal(draws[0].StandardErrors, draws[1].StandardErrors);
        Assert.Equal(draws[0].Interactions, draws[1].Interactions);
        if (algorithm != ShapAlgorithm.Partition)
        {
            Assert.NotEqual(draws[0].Scores, draws[2].Scores);
        }
    }

    private static IEnumerable<int[]> Orders(int[] order, int from)
    {
        if (from == order.Length)
        {
            yield return order;
        }

        for (var i = from; i < order.Length; i++)
        {
            (order[from], order[i]) = (order[i], order[from]);
            foreach (var one in Orders(order, from + 1))
            {
                yield return one;
            }

            (order[from], order[i]) = (order[i], order[from]);
        }
    }

    private static void Near(IEnumerable<double> expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
}
