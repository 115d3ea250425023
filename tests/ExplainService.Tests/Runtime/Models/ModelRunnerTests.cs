using System.Numerics;
using System.Numerics.Tensors;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using Xunit;
using static ExplainService.Tests.Runtime.Models.BundledModelFixture;

namespace ExplainService.Tests.Runtime.Models;

public sealed class ModelRunnerTests(BundledModelFixture models) : IClassFixture<BundledModelFixture>
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Logits_are_PyTorch_s_one_row_at_a_time_and_all_together()
    {
        var runner = await models.MiniLmAsync();
        var together = await runner.PredictAsync(Cases.Select(golden => golden.Row), new WorkOptions(), None).ToListAsync();
        for (var i = 0; i < Cases.Count; i++)
        {
            Close(Cases[i].Logits, together[i].Values, 1e-4);

            // Told apart by its segment ids, which are what they would be anyway, so that it is computed and not remembered.
            var alone = new TokenRow { Ids = Cases[i].Ids, TypeIds = new int[Cases[i].Ids.Length] };
            Close(Cases[i].Logits, (await runner.PredictAsync([alone], new WorkOptions(), None).SingleAsync()).Values, 1e-4);
        }
    }

    [Fact]
    public async Task Attention_maps_are_PyTorch_s_without_the_padding_of_the_batch()
    {
        var runner = await models.MiniLmAsync();
        var maps = await runner
            .TapAsync(Cases.Select(golden => golden.Row), new AttentionTap(AttentionKind.Self), new WorkOptions(), None)
            .ToListAsync();
        for (var i = 0; i < Cases.Count; i++)
        {
            Assert.Equal((Cases[i].Ids.Length, Cases[i].Ids.Length), (maps[i].Queries, maps[i].Keys));
            for (var layer = 0; layer < Cases[i].Attentions.Length; layer++)
            {
                for (var head = 0; head < Cases[i].Attentions[layer].Length; head++)
                {
                    Close(Cases[i].Attentions[layer][head].SelectMany(row => row).ToArray(), maps[i].Values[layer][head], 1e-4);
                }
            }
        }
    }

    [Theory]
    [Slow]
    [InlineData(Objective.Logit, "logit")]
    [InlineData(Objective.Probability, "probability")]
    [InlineData(Objective.LogProbability, "log_probability")]
    public async Task Gradients_are_PyTorch_s_in_one_batch_of_mixed_lengths(Objective objective, string name)
    {
        var runner = await models.MiniLmAsync();
        var points = Cases.Select(golden => new GradientRow(golden.Row, [golden.Target]));
        var results = await runner.GradientAsync(points, new GradientSpec(objective, Link.Softmax), new WorkOptions(), None).ToListAsync();
        for (var i = 0; i < Cases.Count; i++)
        {
            var size = runner.Model.EmbeddingSize;
            var norms = results[i].Gradient.Chunk(size).Select(token => TensorPrimitives.Norm<float>(token)).ToArray();
            var expected = Cases[i].L2Norms[name];
            Close(expected, norms, 1e-3 * expected.Max());
        }
    }

    [Fact]
    [Slow]
    public async Task A_point_given_by_its_embeddings_is_the_tokens_own_point()
    {
        var runner = await models.MiniLmAsync();
        var row = Cases[0].Row;
        var spec = new GradientSpec(Objective.Logit, Link.Softmax, GradientOutputs.AttentionRelevance);
        var results = await runner
            .GradientAsync([new GradientRow(row, [1]), new GradientRow(row, [1], runner.Embed(row.Ids))], spec, new WorkOptions(), None)
            .ToListAsync();

        Assert.Equal(Cases[0].Logits[1], results[0].Score, 1e-4);
        Close(results[0].Gradient, results[1].Gradient, 1e-6);
        Assert.Equal(6, results[0].Relevance!.Length);
        Assert.All(results[0].Relevance!, layer => Assert.Equal(row.Ids.Length * row.Ids.Length, layer.Length));
    }

    [Fact]
    [Slow]
    public async Task The_relevance_of_all_heads_is_the_mean_of_each_head_s()
    {
        var runner = await models.MiniLmAsync();
        var point = new GradientRow(Cases[1].Row, [Cases[1].Target]);
        var all = await RelevanceAsync(0);
        var sum = new float[all.Length];
        for (var head = 0; head < runner.Model.Heads; head++)
        {
            var alone = await RelevanceAsync(BigInteger.One << head);
            TensorPrimitives.Add(sum, alone, sum);
        }

        TensorPrimitives.Divide(sum, runner.Model.Heads, sum);
        Close(all, sum, 1e-6);

        async Task<float[]> RelevanceAsync(BigInteger heads)
        {
            var spec = new GradientSpec(Objective.Logit, Link.Softmax, GradientOutputs.AttentionRelevance, heads);
            return (await runner.GradientAsync([point], spec, new WorkOptions(), None).SingleAsync()).Relevance![3];
        }
    }

    [Fact]
    public async Task Some_heads_are_no_form_of_their_own_to_measure_and_to_keep()
    {
        using var lease = await ((LoadedModel)await models.Registry.GetAsync(null, None)).UseAsync(None);
        var spec = new GradientSpec(Objective.Logit, Link.Softmax, GradientOutputs.AttentionRelevance);
        var all = await lease.Forms.GradientAsync(spec);
        var some = await lease.Forms.GradientAsync(spec with { HeadMask = 0b101 });

        Assert.Same(all.Throughput, some.Throughput);
        Assert.Equal(all.TokenBudget, some.TokenBudget);
        Assert.Same(all, await lease.Forms.GradientAsync(spec));
        Assert.NotSame(some, await lease.Forms.GradientAsync(spec with { HeadMask = 0b101 }));
    }

    [Fact]
    public async Task Many_callers_at_once_each_get_their_own_answers()
    {
        var runner = await models.MiniLmAsync();
        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        var order = Enumerable.Range(caller, Cases.Count).Select(i => Cases[i % Cases.Count]).ToList();
                        var logits = await runner.PredictAsync(order.Select(golden => golden.Row), new WorkOptions(), None).ToListAsync();
                        for (var i = 0; i < order.Count; i++)
                        {
                            Close(order[i].Logits, logits[i].Values, 1e-4);
                        }
                    })
                )
        );
    }

    [Fact]
    public async Task Rows_that_the_model_cannot_take_never_reach_it()
    {
        var runner = await models.MiniLmAsync();
        TokenRow[] impossible =
        [
            new() { Ids = [] },
            new() { Ids = new int[runner.Model.MaxTokens + 1] },
            new() { Ids = [101, 30522, 102] },
            new() { Ids = [101, -1, 102] },
            new() { Ids = [101, 102], TypeIds = [0] },
            new() { Ids = [101, 102], TypeIds = [0, 2] },
            new() { Ids = [101, 102], OutputPositions = [0] },
        ];
        foreach (var row in impossible)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
                await runner.PredictAsync([row], new WorkOptions(), None).ToListAsync()
            );
        }
    }

    [Fact]
    public async Task The_mean_embedding_is_the_mean_of_the_table()
    {
        var runner = await models.MiniLmAsync();
        var size = runner.Model.EmbeddingSize;
        var table = runner.Embed([.. Enumerable.Range(0, 30522)]);
        var mean = runner.MeanEmbedding().ToArray();
        foreach (var column in new[] { 0, 17, size - 1 })
        {
            Assert.Equal(Enumerable.Range(0, 30522).Average(id => (double)table[(id * size) + column]), mean[column], 1e-5);
        }
    }

    [Fact]
    public async Task The_description_says_what_files_and_graph_show()
    {
        var model = (await models.MiniLmAsync()).Model;
        Assert.Equal(
            (ModelTask.TextClassification, Link.Softmax, 512, 384, 12),
            (model.Task, model.Link, model.MaxTokens, model.EmbeddingSize, model.Heads)
        );
        Assert.Equal(["negative", "positive"], model.Labels);
        Assert.Equal(6, model.AttentionLayers[AttentionKind.Self]);
        Assert.Equal(HeadRead.First, model.HeadRead);
    }

    private static void Close(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
