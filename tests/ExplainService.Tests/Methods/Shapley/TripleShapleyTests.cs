using System.Numerics;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>Interactions of three units: by the definition, by the transform, and by the regression.</summary>
public sealed class TripleShapleyTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void Counted_triples_are_those_of_the_definition(int players)
    {
        var random = new SeededRandom(players);
        var values = Enumerable.Range(0, 1 << players).Select(_ => random.NextGaussian()).ToArray();
        var found = TripleShapley.Counted(players, values);
        var at = 0;
        for (var k = 0; k < players; k++)
        {
            for (var j = 0; j < k; j++)
            {
                for (var i = 0; i < j; i++)
                {
                    Assert.Equal(Defined(players, values, 1 << i, 1 << j, 1 << k), found[at++], 1e-9);
                }
            }
        }

        Assert.Equal(TripleShapley.Count(players), at);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fewer_than_three_have_none(int players) => Assert.Empty(TripleShapley.Counted(players, new double[1 << players]));

    [Fact]
    public async Task A_group_of_three_is_found_among_many_units_from_few_coalitions()
    {
        // "not … very … good": worth something only together.
        var game = new FunctionGame(
            20,
            1,
            coalition =>
                [(coalition[3] && coalition[7] && coalition[12] ? 2 : 0) + (coalition[1] ? 1 : 0) - (coalition[5] && coalition[6] ? 1 : 0)]
        );
        var estimate = await KernelShapley.EstimateAsync(
            game,
            new()
            {
                MaxEvaluations = 500,
                Interactions = true,
                Triples = true,
            }
        );
        var strongest = TripleShapley.Strongest(20, estimate.Triples![0], estimate.Scores[0])[0];
        Assert.Equal([3, 7, 12], strongest.Units);
        Assert.InRange(strongest.Score, 1.5, 2.5);
    }

    [Theory]
    [InlineData(ShapAlgorithm.Exact)]
    [InlineData(ShapAlgorithm.Kernel)]
    [InlineData(ShapAlgorithm.Permutation)]
    public async Task Where_all_coalitions_are_seen_every_estimator_counts(ShapAlgorithm algorithm)
    {
        var random = new SeededRandom(3);
        var values = Enumerable.Range(0, 64).Select(_ => random.NextGaussian()).ToArray();
        var estimate = await ShapleyEstimators.EstimateAsync(
            algorithm,
            FunctionGame.OfTable(6, values),
            new()
            {
                MaxEvaluations = 64,
                Interactions = true,
                Triples = true,
            }
        );
        Assert.All(TripleShapley.Counted(6, values).Zip(estimate.Triples![0]), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    private static double Defined(int players, double[] values, int i, int j, int k)
    {
        var sum = 0.0;
        for (var mask = 0; mask < values.Length; mask++)
        {
            if ((mask & (i | j | k)) == 0)
            {
                var difference =
                    values[mask | i | j | k]
                    - values[mask | i | j]
                    - values[mask | i | k]
                    - values[mask | j | k]
                    + values[mask | i]
                    + values[mask | j]
                    + values[mask | k]
                    - values[mask];
                var size = BitOperations.PopCount((uint)mask);
                sum += Factorial(size) * Factorial(players - size - 3) / Factorial(players - 2) * difference;
            }
        }

        return sum;
    }

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);
}
