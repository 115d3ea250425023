using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Pictures;

/// <summary>The reference model of pictures through the model runner, against PyTorch's numbers.</summary>
public sealed class PictureRunnerTests(PictureRunnerTests.Vision vision) : IClassFixture<PictureRunnerTests.Vision>
{
    private static CancellationToken None => CancellationToken.None;

    private static WorkOptions Work => new();

    [Fact]
    public async Task A_folder_with_a_preprocessor_and_pixel_values_is_a_classifier_of_pictures()
    {
        var model = (await vision.ModelAsync()).Description;
        Assert.Equal(ModelTask.ImageClassification, model.Task);
        Assert.Equal(new PictureShape(3, 32, 32, 8, 8, Before: 1, Behind: 0, IsModels: true), model.Picture);
        Assert.Equal(["class0", "class1", "class2", "class3", "class4"], model.Labels);
        Assert.Equal((3, 4, 3, 64), (model.AttentionLayers[AttentionKind.Self], model.Heads, model.Layers, model.Neurons));
        Assert.Equal(HeadRead.First, model.HeadRead);
        Assert.Equal([ModelFeature.Fast], model.Unsupported.Keys);
    }

    [Fact]
    public async Task Logits_are_PyTorch_s_alone_and_together()
    {
        var runner = (await vision.ModelAsync()).Runner;
        var rows = await vision.RowsAsync();
        var together = await runner.PredictAsync(rows, Work, None).ToListAsync();
        for (var picture = 0; picture < rows.Length; picture++)
        {
            Close(VisionGolden.Logits[picture], together[picture].Values, 1e-4);
            var alone = await runner.PredictAsync([rows[picture]], Work, None).SingleAsync();
            Close(VisionGolden.Logits[picture], alone.Values, 1e-4);
        }
    }

    [Fact]
    public async Task Attention_is_PyTorch_s_over_the_class_token_and_the_patches()
    {
        var runner = (await vision.ModelAsync()).Runner;
        var maps = await runner.TapAsync(await vision.RowsAsync(), new AttentionTap(AttentionKind.Self), Work, None).ToListAsync();
        for (var picture = 0; picture < maps.Count; picture++)
        {
            Assert.Equal((17, 17), (maps[picture].Queries, maps[picture].Keys));
            for (var layer = 0; layer < VisionGolden.Attention.Length; layer++)
            {
                for (var head = 0; head < maps[picture].Values[layer].Length; head++)
                {
                    Close(VisionGolden.Attention[layer][picture][head], maps[picture].Values[layer][head], 1e-4);
                }
            }
        }
    }

    [Fact]
    public async Task Gradients_to_the_pixels_are_PyTorch_s()
    {
        var runner = (await vision.ModelAsync()).Runner;
        var points = (await vision.RowsAsync()).Select(row => new GradientRow(row, [VisionGolden.Target]));
        var results = await runner.GradientAsync(points, new GradientSpec(Objective.Logit, Link.Softmax), Work, None).ToListAsync();
        for (var picture = 0; picture < results.Count; picture++)
        {
            var gradient = runner.Model.Picture!.Picture(results[picture].Gradient);
            Close(VisionGolden.Gradient[picture], gradient, 1e-3 * VisionGolden.Gradient[picture].Max(Math.Abs));
            Assert.Equal(VisionGolden.Logits[picture][VisionGolden.Target], results[picture].Score, 1e-4);
        }
    }

    [Fact]
    public async Task Patches_of_zeros_take_off_what_they_do_in_PyTorch()
    {
        var model = await vision.ModelAsync();
        var shape = model.Description.Picture!;
        for (var picture = 0; picture < VisionGolden.Pixels.Length; picture++)
        {
            var table = new PictureTable(shape, [shape.Arrange(VisionGolden.Pixels[picture]), new float[shape.Sequence * shape.TokenSize]]);
            var rows = Enumerable.Range(0, shape.Patches).Select(patch => Hiding(table, shape.Before + patch)).Prepend(table.Row());
            var logits = await model.Runner.PredictAsync(rows, Work, None).ToListAsync();
            var scores = logits.ConvertAll(row => row.Values[VisionGolden.Target]);
            Close(VisionGolden.Occlusion[picture], [.. scores.Skip(1).Select(score => scores[0] - score)], 1e-3);
        }
    }

    [Fact]
    public async Task Rows_of_one_picture_are_told_apart_by_what_they_show_and_found_again_by_it()
    {
        var shape = (await vision.ModelAsync()).Description.Picture!;
        var (first, second) = (shape.Arrange(VisionGolden.Pixels[0]), shape.Arrange(VisionGolden.Pixels[1]));
        var row = new PictureTable(shape, [first, second]).Row();
        Assert.Equal(
            row,
            new PictureTable(
                shape,
                [
                    [.. first],
                    [.. second],
                ]
            ).Row()
        );
        Assert.NotEqual(row, new PictureTable(shape, [first, second]).Row(version: 1));
        Assert.NotEqual(row, new PictureTable(shape, [second, first]).Row());
    }

    [Fact]
    public async Task Pieces_of_any_shape_show_the_version_that_the_row_says()
    {
        var shape = (await vision.ModelAsync()).Description.Picture!;
        var places = shape.Places();
        int[] halves =
        [
            .. places.Select(pixel =>
                pixel < 0 ? -1
                : pixel % shape.Width < 5 ? 0
                : 1
            ),
        ];
        var (sent, other) = (shape.Arrange(VisionGolden.Pixels[0]), shape.Arrange(VisionGolden.Pixels[1]));
        var table = new PictureTable(shape, [sent, other], halves);
        var shown = new float[sent.Length];
        table.Fill([0, 1], shown);
        var picture = shape.Picture(shown);
        for (var i = 0; i < picture.Length; i++)
        {
            Assert.Equal(VisionGolden.Pixels[i % shape.Width < 5 ? 0 : 1][i], picture[i]);
        }
    }

    [Fact]
    public async Task Rows_of_tokens_are_refused()
    {
        var runner = (await vision.ModelAsync()).Runner;
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await runner.PredictAsync([new TokenRow { Ids = new int[17] }], Work, None).ToListAsync()
        );
    }

    private static TokenRow Hiding(PictureTable table, int token)
    {
        var ids = new int[table.Pieces];
        ids[token] = 1;
        return new TokenRow { Ids = ids, Picture = table };
    }

    private static void Close(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    /// <summary>The reference model, loaded once.</summary>
    public sealed class Vision : IAsyncLifetime
    {
        private readonly ModelRegistry registry = new(
            new ModelOptions { PrepareForms = false, Directory = ReferenceData.PathOf("vision") },
            new RuntimeOptions { TokenBudget = 256 },
            new FakeTimeProvider()
        );

        public ValueTask<ILoadedModel> ModelAsync() => registry.GetAsync("vit-cls", None);

        public async Task<TokenRow[]> RowsAsync()
        {
            var shape = (await ModelAsync()).Description.Picture!;
            return [.. VisionGolden.Pixels.Select(pixels => new PictureTable(shape, [shape.Arrange(pixels)]).Row())];
        }

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => registry.DisposeAsync();
    }
}
