using System.Runtime.CompilerServices;
using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>A request of very many evaluations takes little more memory than their coalitions as bits and their values.</summary>
[Collection(typeof(Alone))]
public sealed class MemoryTests
{
    private const int Players = 60;
    private const double BytesAnEvaluation = (Players / 8.0) + sizeof(double);

    [Theory]
    [Slow]
    [InlineData(ShapAlgorithm.Kernel)]
    [InlineData(ShapAlgorithm.Permutation)]
    public async Task What_is_kept_of_an_evaluation_is_its_bits_and_its_value(ShapAlgorithm algorithm)
    {
        // What earlier tests left is freed first, or it would count against what is kept.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var game = new WeighedGame(every: 40_000);
        await ShapleyEstimators.EstimateAsync(algorithm, game, new() { MaxEvaluations = 210_000 }, TestContext.Current.CancellationToken);
        var kept = game.Kept[^1] - game.Kept[0];
        Assert.Equal(5, game.Kept.Count);
        Assert.InRange(kept / 160_000.0, 0, 4 * BytesAnEvaluation);
    }

    [Fact]
    public async Task The_regression_on_sixty_thousand_evaluations_takes_the_memory_of_its_dense_part()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (peak, done) = (0L, false);
        var watch = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false) - before);
                Thread.Yield();
            }
        });
        watch.Start();
        await KernelShapley.EstimateAsync(new WeighedGame(), new() { MaxEvaluations = 60_000 }, TestContext.Current.CancellationToken);
        Volatile.Write(ref done, true);
        watch.Join();

        // The dense part is a matrix of 1,536² numbers, 19 MB; the rest is garbage that no collection has come for yet. It was 1,150 MB.
        Assert.InRange(peak, 0, 160_000_000);
    }

    [Fact]
    [Slow]
    public async Task Outputs_that_are_alike_share_the_matrices_of_a_text_too_long_for_one()
    {
        var (one, two) = (await AllocatedAsync(1), await AllocatedAsync(2));
        Assert.InRange(two / one, 1, 1.1);

        // 3,101 pairs, more than a dense regression takes, are too few for the linear correction of 900 players.
        static async Task<double> AllocatedAsync(int outputs)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var game = new FunctionGame(
                900,
                outputs,
                coalition => outputs == 1 ? [Worth(coalition)] : [Worth(coalition), -Worth(coalition)]
            );
            await KernelShapley.EstimateAsync(game, new() { MaxEvaluations = 6202 }, TestContext.Current.CancellationToken);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        static double Worth(Coalition coalition)
        {
            var worth = 0.0;
            for (var player = 0; player < coalition.Players; player++)
            {
                worth += coalition[player] ? 1.0 / (player + 1) : 0;
            }

            return worth;
        }
    }

    /// <summary>Bytes of the managed heap in use. (GC.GetTotalMemory drifts over many collections, even below zero.)</summary>
    private static long Live()
    {
        GC.Collect();
        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return heap.HeapSizeBytes - heap.FragmentedBytes;
    }

    /// <summary>An additive game that notes now and then how much memory is in use.</summary>
    private sealed class WeighedGame(int every = int.MaxValue) : ICoalitionGame
    {
        private int evaluations;

        public List<long> Kept { get; } = [];

        int ICoalitionGame.Players => MemoryTests.Players;

        int ICoalitionGame.Outputs => 1;

        public async IAsyncEnumerable<double[]> EvaluateAsync(
            IEnumerable<Coalition> coalitions,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await Task.CompletedTask;
            foreach (var coalition in coalitions)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (++evaluations % every == 0)
                {
                    Kept.Add(Live());
                }

                yield return [Enumerable.Range(0, MemoryTests.Players).Sum(player => coalition[player] ? 1.0 / (player + 1) : 0)];
            }
        }
    }
}
