using ExplainService.Methods.Attention;
using Xunit;

namespace ExplainService.Tests.Methods.Attention;

public sealed class MaximumFlowTests
{
    [Theory]
    [InlineData(2, 5, 1)]
    [InlineData(3, 7, 2)]
    [InlineData(4, 9, 3)]
    [InlineData(6, 12, 4)]
    public async Task Every_pair_has_the_flow_that_shortest_augmenting_paths_find(int layers, int n, int seed)
    {
        // From nearly even to all on a few tokens: sharp maps have their narrowest cut in the middle.
        foreach (var sharpness in new[] { 0.5, 4, 20 })
        {
            var maps = Maps(layers, n, seed, sharpness);
            var flows = await AttentionFlow.MatrixAsync(maps, n, CancellationToken.None);
            var mixed = maps.Select(map => Mixed(map, n)).ToArray();
            for (var query = 0; query < n; query++)
            {
                for (var key = 0; key < n; key++)
                {
                    Assert.Equal(EdmondsKarp(mixed, n, query, key), flows[(query * n) + key], 1e-9);
                }
            }
        }
    }

    [Fact]
    public async Task A_single_layer_is_its_own_flow()
    {
        var map = Maps(1, 6, 5, 2);
        var flows = await AttentionFlow.MatrixAsync(map, 6, CancellationToken.None);
        Assert.All(Mixed(map[0], 6).Zip(flows), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public async Task A_token_that_nobody_looks_at_gets_what_its_own_residual_lets_through()
    {
        double[] map = [0, 1, 0, 0, 1, 0, 0, 1, 0];
        var flows = await AttentionFlow.MatrixAsync([map, map], 3, CancellationToken.None);
        double[] expected = [0.5, 1, 0, 0, 1, 0, 0, 1, 0.5];
        Assert.Equal(expected, flows);
    }

    [Fact]
    public async Task The_flow_of_a_caller_that_leaves_is_not_computed_on()
    {
        using var leave = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AttentionFlow.MatrixAsync(Maps(12, 128, 6, 4), 128, leave.Token));
    }

    private static double[][] Maps(int layers, int n, int seed, double sharpness)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, layers)
                .Select(_ =>
                {
                    var map = new double[n * n];
                    for (var query = 0; query < n; query++)
                    {
                        var row = map.AsSpan(query * n, n);
                        foreach (ref var weight in row)
                        {
                            weight = Math.Exp(sharpness * random.NextDouble());
                        }

                        var sum = 0.0;
                        foreach (var weight in row)
                        {
                            sum += weight;
                        }

                        foreach (ref var weight in row)
                        {
                            weight /= sum;
                        }
                    }

                    return map;
                }),
        ];
    }

    private static double[] Mixed(double[] map, int n) =>
        [.. map.Select((weight, index) => (0.5 * weight) + (index / n == index % n ? 0.5 : 0))];

    /// <summary>The textbook: breadth-first augmenting paths over an adjacency matrix of all nodes.</summary>
    private static double EdmondsKarp(double[][] layers, int n, int query, int key)
    {
        var nodes = (layers.Length + 1) * n;
        var left = new double[nodes, nodes];
        for (var layer = 0; layer < layers.Length; layer++)
        {
            for (var edge = 0; edge < n * n; edge++)
            {
                left[((layer + 1) * n) + (edge / n), (layer * n) + (edge % n)] = layers[layer][edge];
            }
        }

        var (source, flow) = ((layers.Length * n) + query, 0.0);
        while (true)
        {
            var from = Enumerable.Repeat(-1, nodes).ToArray();
            from[source] = source;
            var queue = new Queue<int>([source]);
            while (from[key] < 0 && queue.TryDequeue(out var node))
            {
                for (var next = 0; next < nodes; next++)
                {
                    if (from[next] < 0 && left[node, next] > 1e-13)
                    {
                        from[next] = node;
                        queue.Enqueue(next);
                    }
                }
            }

            if (from[key] < 0)
            {
                return flow;
            }

            var width = double.PositiveInfinity;
            for (var node = key; node != source; node = from[node])
            {
                width = Math.Min(width, left[from[node], node]);
            }

            for (var node = key; node != source; node = from[node])
            {
                left[from[node], node] -= width;
                left[node, from[node]] += width;
            }

            flow += width;
        }
    }
}
