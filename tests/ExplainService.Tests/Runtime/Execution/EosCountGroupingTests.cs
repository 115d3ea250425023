using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Execution;

/// <summary>A classifier that reads the last end token answers a text beside pairs of texts as it answers it alone.</summary>
public sealed class EosCountGroupingTests : IAsyncDisposable
{
    private readonly ModelRegistry registry = new(
        new ModelOptions { PrepareForms = false, Directory = ReferenceData.PathOf("families") },
        new RuntimeOptions { TokenBudget = 256 },
        new FakeTimeProvider()
    );

    public ValueTask DisposeAsync() => registry.DisposeAsync();

    /// <summary>One end token, two or three, at lengths that share batches.</summary>
    private static readonly TokenRow[] Rows =
    [
        .. Enumerable
            .Range(0, 12)
            .Select(number => new TokenRow
            {
                Ids =
                [
                    0,
                    .. Enumerable
                        .Range(0, 9)
                        .Select(i => i == 3 && number % 3 > 0 || i == 4 && number % 3 > 1 ? 2 : 40 + (number * 17) + i),
                    2,
                ],
            }),
    ];

    [Fact]
    [Slow]
    public async Task Rows_with_other_numbers_of_ends_have_the_scores_that_they_have_alone()
    {
        var model = await registry.GetAsync("bart-cls", CancellationToken.None);
        var together = await model.Runner.PredictAsync(Rows, new WorkOptions(), CancellationToken.None).ToListAsync();
        for (var i = 0; i < Rows.Length; i++)
        {
            // Told apart by segment ids, which this model has none of, so that it is computed and not remembered.
            var row = new TokenRow { Ids = Rows[i].Ids, TypeIds = new int[Rows[i].Ids.Length] };
            var alone = await model.Runner.PredictAsync([row], new WorkOptions(), CancellationToken.None).SingleAsync();
            Assert.All(alone.Values.Zip(together[i].Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    [Slow]
    public async Task Rows_with_other_numbers_of_ends_have_the_gradients_that_they_have_alone()
    {
        var model = await registry.GetAsync("bart-cls", CancellationToken.None);
        var spec = new GradientSpec(Objective.Logit, Link.Softmax);
        GradientRow[] points = [.. Rows.Select(row => new GradientRow(row, [1]))];
        var together = await model.Runner.GradientAsync(points, spec, new WorkOptions(), CancellationToken.None).ToListAsync();
        for (var i = 0; i < points.Length; i++)
        {
            var alone = await model.Runner.GradientAsync([points[i]], spec, new WorkOptions(), CancellationToken.None).SingleAsync();
            Assert.Equal(alone.Score, together[i].Score, 1e-5);
            Assert.All(alone.Gradient.Zip(together[i].Gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }
}
