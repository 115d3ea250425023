using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>
/// A request of very many evaluations takes little more memory than their coalitions as bits and their values. (What stays in memory of a
/// whole request is measured by the benchmarks' <c>own</c>.)
/// </summary>
public sealed class MemoryTests
{
    private const int Players = 60;
    private const int Evaluations = 100_000;
    private const double BytesAnEvaluation = (Players / 8.0) + sizeof(double);

    // An array that grows is copied a few times: what is allocated for it in all is up to three or four times what it holds.
    private const double Growth = 4;

    [Fact]
    public void A_sample_of_pairs_keeps_the_bits_and_the_values()
    {
        var coalitions = Drawn(Evaluations / 2);
        var sample = new PairSample(Players, [0], [1]);
        var bytes = Allocations.Of(() =>
        {
            foreach (var coalition in coalitions)
            {
                sample.Add(coalition, [1], [0]);
            }
        });
        Assert.Equal(1 + coalitions.Length, sample.Count);
        Assert.InRange(bytes / (double)Evaluations, 0, Growth * BytesAnEvaluation);
    }

    [Fact]
    public void Values_by_coalition_keep_the_bits_the_values_and_an_index()
    {
        var coalitions = Drawn(Evaluations);
        var known = new CoalitionValues(Players, 1);
        var bytes = Allocations.Of(() =>
        {
            foreach (var coalition in coalitions)
            {
                known.Add(coalition, [1]);
            }
        });
        Assert.Equal(coalitions.Length, known.Coalitions.Count);
        Assert.InRange(bytes / (double)Evaluations, 0, Growth * (BytesAnEvaluation + (2 * sizeof(int))));
    }

    [Theory]
    [Slow]
    [InlineData(ShapAlgorithm.Kernel, 560)]
    [InlineData(ShapAlgorithm.Permutation, 450)]
    public async Task An_evaluation_more_allocates_its_coalition_its_value_and_a_few_references(ShapAlgorithm algorithm, double most)
    {
        var (few, many) = (await AllocatedAsync(algorithm, 10_000), await AllocatedAsync(algorithm, 110_000));
        Assert.InRange((many - few) / 100_000, 0, most);
    }

    [Fact]
    [Slow]
    public async Task The_regression_on_sixty_thousand_evaluations_allocates_the_matrices_of_its_dense_part()
    {
        // The dense part is a matrix of 1,536² numbers, 19 MB, and there are a few smaller ones; the rest is 500 bytes an evaluation. A
        // matrix of all 30,000 pairs would be 7,200 MB.
        Assert.InRange(await AllocatedAsync(ShapAlgorithm.Kernel, 60_000), 0, 120e6);
    }

    [Fact]
    [Slow]
    public async Task Outputs_that_are_alike_share_the_matrices_of_a_text_too_long_for_one()
    {
        // 3,101 pairs, more than a dense regression takes, are too few for the linear correction of 900 players.
        var (one, two) = (await AllocatedAsync(outputs: 1), await AllocatedAsync(outputs: 2));
        Assert.InRange(two / one, 1, 1.1);

        static async Task<double> AllocatedAsync(int outputs) =>
            await Allocations.OfAsync(() =>
                KernelShapley.EstimateAsync(
                    new AdditiveGame(900, outputs),
                    new() { MaxEvaluations = 6202 },
                    TestContext.Current.CancellationToken
                )
            );
    }

    private static Coalition[] Drawn(int count) =>
        [.. Enumerable.Range(1, count).Select(number => Coalition.Of(Players, player => (number >> (player % 20) & 1) != 0))];

    private static async Task<double> AllocatedAsync(ShapAlgorithm algorithm, int evaluations) =>
        await Allocations.OfAsync(() =>
            ShapleyEstimators.EstimateAsync(
                algorithm,
                new AdditiveGame(Players),
                new() { MaxEvaluations = evaluations },
                TestContext.Current.CancellationToken
            )
        );
}
