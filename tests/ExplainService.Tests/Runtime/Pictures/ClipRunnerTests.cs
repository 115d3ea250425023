using ExplainService.Runtime;
using ExplainService.Testing;
using ExplainService.Tests.Graph;
using ExplainService.Tests.Runtime.Models;
using ExplainService.Text.Tokenization;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ExplainService.Tests.Runtime.Pictures;

/// <summary>A model of pictures and texts through the model runner, against its own graph run as it is.</summary>
public sealed class ClipRunnerTests : IAsyncLifetime
{
    private static readonly string[] Labels = ["a photo of the cat", "Red DOG", "a house"];

    private readonly ModelFolders folders = new();
    private ILoadedModel model = null!;

    private static CancellationToken None => CancellationToken.None;

    private static WorkOptions Work => new();

    public async ValueTask InitializeAsync()
    {
        TinyClip.Write(folders.PathOf("clip"));
        model = await folders.Registry.GetAsync("clip", None);
    }

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Fact]
    public void A_folder_with_a_tokenizer_and_pixel_values_compares_pictures_with_texts()
    {
        var description = model.Description;
        Assert.Equal(ModelTask.ZeroShotImageClassification, description.Task);
        Assert.Equal(new PictureShape(3, 32, 32, 8, 8, Before: 1, Behind: 0, IsModels: true), description.Picture);
        Assert.Empty(description.Labels);
        Assert.Equal(
            (2, 2, 2, 32),
            (description.AttentionLayers[AttentionKind.Self], description.Heads, description.Layers, description.Neurons)
        );
        Assert.Equal(HeadRead.First, description.HeadRead);
        Assert.Equal([ModelFeature.Fast], description.Unsupported.Keys);
        Assert.Equal(TinyClip.MaxTokens, description.Texts!.MaxTokens);
        Assert.Equal(new StandIns(null, null, null, description.Texts.StandIns.Remainder), description.Texts.StandIns);
    }

    [Fact]
    public async Task Logits_are_the_whole_graph_s_for_pictures_beside_labels()
    {
        var (rows, expected) = (await RowsAsync(), Whole());
        var actual = await model.Runner.PredictAsync(rows, Work, None).ToListAsync();
        Assert.Equal(expected, [.. actual.SelectMany(logits => logits.Values)], new Near(1e-5f));
    }

    [Fact]
    public async Task A_text_beside_a_picture_has_the_logit_of_the_picture_beside_the_text()
    {
        var rows = await RowsAsync();
        var embedding = await model.Runner.TapAsync([rows[0]], new HandedOverTap(), Work, None).SingleAsync();
        var picture = new OtherSide(embedding);
        var texts = Encoded().Select(ids => new TokenRow { Ids = ids, Beside = picture });
        var logits = await model.Texts!.Runner.PredictAsync(texts, Work, None).ToListAsync();
        Assert.Equal(Whole()[..Labels.Length], [.. logits.Select(own => own.Values.Single())], new Near(1e-5f));
    }

    [Fact]
    public async Task Rows_beside_other_labels_keep_their_numbers_however_they_are_asked_for()
    {
        var (rows, others) = (await RowsAsync(), await RowsAsync("dog", "the red car"));
        var alone = new List<float[]>();
        foreach (var row in rows.Concat(others))
        {
            alone.Add((await model.Runner.PredictAsync([row], Work, None).SingleAsync()).Values);
        }

        TokenRow[] mixed = [rows[0], others[0], rows[1], others[1]];
        var together = await model.Runner.PredictAsync(mixed, Work, None).ToListAsync();
        Assert.Equal(alone[0], together[0].Values, new Near(1e-5f));
        Assert.Equal(alone[2], together[1].Values, new Near(1e-5f));
        Assert.Equal(alone[1], together[2].Values, new Near(1e-5f));
        Assert.Equal(alone[3], together[3].Values, new Near(1e-5f));
        Assert.NotEqual(rows[0], others[0]);
    }

    [Fact]
    public async Task Labels_of_a_quantised_model_are_read_in_its_own_arithmetic_each_alone()
    {
        TinyClip.Write(folders.PathOf("int8"), quantised: true);
        model = await folders.Registry.GetAsync("int8", None);
        Assert.True(model.Texts!.Description.RoundsByBatch);
        var logits = await model.Runner.PredictAsync(await RowsAsync(), Work, None).ToListAsync();
        foreach (var (ids, label) in Encoded().Select((ids, label) => (ids, label)))
        {
            Assert.Equal(Whole("int8", ids), [.. logits.Select(row => row.Values[label])], new Near(1e-5f));
        }
    }

    [Fact]
    public async Task A_model_that_adds_a_bias_to_its_products_is_refused_as_its_labels_each_stand_alone()
    {
        TinyClip.Write(folders.PathOf("biased"), bias: true);
        var refused = await Assert.ThrowsAsync<ModelNotUsableException>(async () => await folders.Registry.GetAsync("biased", None));
        Assert.Contains("a bias is added", refused.Message, StringComparison.Ordinal);
        Assert.Contains("input_ids", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Objective.Logit)]
    [InlineData(Objective.Probability)]
    [InlineData(Objective.LogProbability)]
    public async Task Gradients_to_the_pixels_are_the_slopes_of_the_graph(Objective objective)
    {
        var row = (await RowsAsync())[0];
        var result = await model
            .Runner.GradientAsync([new GradientRow(row, [1])], new GradientSpec(objective, Link.Softmax), Work, None)
            .SingleAsync();
        var numbers = new float[result.Gradient.Length];
        row.Picture!.Fill(row.Ids, numbers);
        var random = new Random(1);
        const float Step = 1e-2f;
        foreach (var at in Enumerable.Range(0, 12).Select(_ => (TinyClip.Patch * TinyClip.Patch * 3) + random.Next(numbers.Length / 2)))
        {
            var slope = (await ScoreAsync(+Step) - await ScoreAsync(-Step)) / (2 * Step);
            Assert.Equal(slope, result.Gradient[at], 2e-3 * result.Gradient.Max(Math.Abs) + 1e-5);

            async Task<double> ScoreAsync(float step)
            {
                float[] moved = [.. numbers];
                moved[at] += step;
                var point = new GradientRow(row, [1], moved);
                return (
                    await model.Runner.GradientAsync([point], new GradientSpec(objective, Link.Softmax), Work, None).SingleAsync()
                ).Score;
            }
        }
    }

    [Fact]
    public async Task Attention_is_that_of_the_pictures_over_the_class_token_and_the_patches()
    {
        var maps = await model.Runner.TapAsync(await RowsAsync(), new AttentionTap(AttentionKind.Self), Work, None).ToListAsync();
        Assert.All(maps, map => Assert.Equal((17, 17, 2), (map.Queries, map.Keys, map.Values.Length)));
        Assert.All(
            maps.SelectMany(map => map.Values).SelectMany(heads => heads),
            map => Assert.All(map.Chunk(17), line => Assert.Equal(1, line.Sum(), 1e-5))
        );
    }

    [Fact]
    public void Words_are_lower_case_and_stand_between_a_start_and_an_end()
    {
        var tokens = model.Texts!.Tokenizer.Encode("Red  DOG").Tokens;
        Assert.Equal(["<|startoftext|>", "red</w>", "dog</w>", "<|endoftext|>"], tokens.Select(token => token.Text));
        Assert.Equal([(0, 3), (5, 8)], tokens.Where(token => !token.Special).Select(token => (token.Start, token.End)));
        Assert.Same(Tokenizer.None, model.Tokenizer);
    }

    private static float[] Pixels(int picture) =>
        [.. Enumerable.Range(0, 3 * TinyClip.Side * TinyClip.Side).Select(i => MathF.Sin((i * 0.013f * (picture + 1)) + picture))];

    private IEnumerable<int[]> Encoded(params string[] labels) =>
        (labels.Length > 0 ? labels : Labels).Select(label => model.Texts!.Tokenizer.Encode(label).Ids);

    private async Task<TokenRow[]> RowsAsync(params string[] labels)
    {
        var shape = model.Description.Picture!;
        var texts = Encoded(labels).Select(ids => new TokenRow { Ids = ids });
        var embeddings = await model.Texts!.Runner.TapAsync(texts, new HandedOverTap(), Work, None).ToListAsync();
        var beside = new OtherSide(embeddings);
        return
        [
            .. Enumerable
                .Range(0, 2)
                .Select(picture => new PictureTable(shape, [shape.Arrange(Pixels(picture))]) { Beside = beside }.Row()),
        ];
    }

    /// <summary>logits_per_image of both pictures beside all labels, by the file as it is.</summary>
    private float[] Whole() => Whole("clip", [.. Encoded()]);

    private float[] Whole(string name, params int[][] texts)
    {
        var length = texts.Max(ids => ids.Length);
        long[] ids = [.. texts.SelectMany(own => own.Select(id => (long)id).Concat(Enumerable.Repeat(0L, length - own.Length)))];
        long[] mask = [.. texts.SelectMany(own => Enumerable.Range(0, length).Select(i => i < own.Length ? 1L : 0L))];
        float[] pixels = [.. Pixels(0), .. Pixels(1)];
        using var session = OnnxRun.Open(File.ReadAllBytes(folders.PathOf(name, "model.onnx")));
        using var run = new RunOptions();
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, [texts.Length, length]);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [texts.Length, length]);
        using var pixelValue = OrtValue.CreateTensorValueFromMemory(pixels, [2, 3, TinyClip.Side, TinyClip.Side]);
        using var results = session.Run(
            run,
            ["input_ids", "pixel_values", "attention_mask"],
            [idValue, pixelValue, maskValue],
            ["logits_per_image"]
        );
        return OnnxRun.Read(results[0]).Values;
    }

    private sealed class Near(float tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance * Math.Max(1, Math.Max(Math.Abs(x), Math.Abs(y)));

        public int GetHashCode(float number) => 0;
    }
}
