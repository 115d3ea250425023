using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>Optimised, narrowed and quantised models answer everything that their float32 originals do, and say what they are.</summary>
[Slow]
public sealed class ConvertedModelRunTests(ZooLoadingTests.Zoo zoo) : IClassFixture<ZooLoadingTests.Zoo>
{
    [Theory]
    [InlineData("bert-cls.O1", "")]
    [InlineData("bert-cls.O2", "")]
    [InlineData("distilbert-cls.O2", "")]
    [InlineData("roberta-cls.O2", "")]
    [InlineData("bert-cls.fp16", "float16")]
    [InlineData("distilbert-cls.fp16", "float16")]
    [InlineData("bert-cls.int8", "quantised (int8, dynamic)")]
    [InlineData("distilbert-cls.int8", "quantised (int8, dynamic)")]
    [InlineData("bert-cls.q4", "quantised (4-bit weights)")]
    public async Task Predicts_attends_and_differentiates(string name, string warning)
    {
        var model = await zoo.Registry.GetAsync(name, CancellationToken.None);
        Assert.Equal(warning.Length > 0, model.Description.Warnings.Count > 0);
        Assert.Contains(warning, string.Join(' ', model.Description.Warnings.Select(one => one.Text)), StringComparison.Ordinal);

        TokenRow[] rows = [new() { Ids = [5, 17, 99, 6] }, new() { Ids = [5, 42, 6] }];
        var logits = await model.Runner.PredictAsync(rows, new WorkOptions(), CancellationToken.None).ToListAsync();
        var maps = await model
            .Runner.TapAsync(rows, new AttentionTap(AttentionKind.Self), new WorkOptions(), CancellationToken.None)
            .ToListAsync();
        Assert.Equal((4, 4), (maps[0].Queries, maps[0].Keys));
        Assert.All(maps[0].Values.SelectMany(layer => layer), map => Assert.All(map.Chunk(4), row => Assert.Equal(1, row.Sum(), 1e-4)));

        var spec = new GradientSpec(Objective.Logit, Link.Softmax, GradientOutputs.AttentionRelevance);
        var points = rows.Select(row => new GradientRow(row, [1]));
        var results = await model.Runner.GradientAsync(points, spec, new WorkOptions(), CancellationToken.None).ToListAsync();
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal(rows[i].Ids.Length * model.Description.EmbeddingSize, results[i].Gradient.Length);
            Assert.True(results[i].Gradient.Any(x => x != 0) && results[i].Gradient.All(float.IsFinite));
            // The plain function is near the model's own; a quantised one rounds its activations besides.
            Assert.Equal(logits[i].Values[1], results[i].Score, warning.Length == 0 ? 1e-4 : 0.15);
        }
    }

    [Fact]
    public async Task Rows_of_a_dynamically_quantised_model_do_not_change_each_other_s_numbers()
    {
        var model = await zoo.Registry.GetAsync("bert-cls.int8", CancellationToken.None);
        TokenRow[] rows =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(number => new TokenRow
                {
                    Ids = [5, .. Enumerable.Range(0, 3 + (number % 4)).Select(i => 20 + (number * 13) + i), 6],
                }),
        ];
        var together = await model.Runner.PredictAsync(rows, new WorkOptions(), CancellationToken.None).ToListAsync();
        for (var i = 0; i < rows.Length; i++)
        {
            // Told apart by its segment ids, which are what they would be anyway, so that it is computed and not remembered.
            var alone = new TokenRow { Ids = rows[i].Ids, TypeIds = new int[rows[i].Ids.Length] };
            Assert.Equal(
                (await model.Runner.PredictAsync([alone], new WorkOptions(), CancellationToken.None).SingleAsync()).Values,
                together[i].Values
            );
        }
    }
}
