using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Vision;

/// <summary>
/// What comes through HTTP for a PNG is what the model runner says of the same pixels, which <c>PictureRunnerTests</c> hold against PyTorch.
/// The reference's own numbers lie up to half a level of 255 beside those that a picture of 8 bits carries, so that no PNG's preprocessing
/// gives them back; sent are the pictures nearest to them.
/// </summary>
public sealed class PictureAgreementTests(VisionService service) : IClassFixture<VisionService>
{
    private const int Side = 32;
    private static readonly JsonElement Golden = Read();
    private static readonly int Target = Golden.GetProperty("target").GetInt32();

    public static TheoryData<int> Pictures => [.. Enumerable.Range(0, Golden.GetProperty("logits").GetArrayLength())];

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public void No_picture_of_8_bits_carries_the_reference_s_numbers() =>
        Assert.Contains(Floats(Golden.GetProperty("pixel_values")), value => Math.Abs(Level(value) - Math.Round(Level(value))) > 0.4);

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Logits_are_the_runner_s_and_near_the_reference_s(int picture)
    {
        var (runner, table) = await RunnerAsync(picture);
        var expected = await runner.PredictAsync([table.Row()], new WorkOptions(), None).SingleAsync();
        var answer = await service.AskAsync<PredictAnswer>("/predict", new { image = Image(picture) });
        Assert.Equal((Side, Side, 4, 4), (answer.Image!.Width, answer.Image.Height, answer.Image.PatchRows, answer.Image.PatchColumns));
        double[] logits = [.. answer.Prediction!.Labels!.Select(label => label.Logit!.Value)];
        Close([.. expected.Values], logits, 1e-5);

        // Half a level of 255 moves them no further.
        Close(Floats(Golden.GetProperty("logits")[picture]), logits, 0.02);
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Gradients_of_pixels_are_the_runner_s(int picture)
    {
        var (runner, table) = await RunnerAsync(picture);
        var result = await runner
            .GradientAsync(
                [new GradientRow(table.Row(), [Target])],
                new GradientSpec(Objective.Logit, Link.Softmax),
                new WorkOptions(),
                None
            )
            .SingleAsync();
        var gradient = table.Shape.Picture(result.Gradient);
        var answer = await service.AskAsync<SaliencyAnswer>("/saliency", Of(picture, new() { ["method"] = "gradient" }));
        var lengths = Enumerable
            .Range(0, Side * Side)
            .Select(at => Math.Sqrt(Enumerable.Range(0, 3).Sum(channel => Math.Pow(gradient[(channel * Side * Side) + at], 2))));
        Close([.. lengths], [.. answer.Scores!.SelectMany(line => line)], 1e-6);
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Attention_is_the_runner_s(int picture)
    {
        var (runner, table) = await RunnerAsync(picture);
        var maps = await runner.TapAsync([table.Row()], new AttentionTap(AttentionKind.Self), new WorkOptions(), None).SingleAsync();
        var answer = await service.AskAsync<AttentionAnswer>("/attention", new { image = Image(picture) });
        Assert.Equal((3, 4), (answer.Layers.Count, answer.Heads.Count));
        foreach (var (layer, heads) in answer.Attention!.Index())
        {
            foreach (var (head, map) in heads.Index())
            {
                Close(
                    [.. maps.Values[layer][head].Select(value => (double)value)],
                    [.. map.SelectMany(row => row).Select(value => (double)value)],
                    1e-6
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Occlusion_by_zeros_is_the_runner_s_fall_and_near_the_reference_s(int picture)
    {
        var (runner, table) = await RunnerAsync(picture);
        var rows = Enumerable.Range(0, table.Shape.Patches).Select(Hiding).Prepend(table.Row());
        var scores = await runner.PredictAsync(rows, new WorkOptions(), None).Select(row => (double)row.Values[Target]).ToListAsync();
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", Of(picture, new() { ["replacement"] = "zero" }));
        Close([.. scores.Skip(1).Select(score => scores[0] - score)], answer.Units.Scores(), 1e-5);
        Close(Floats(Golden.GetProperty("occlusion_patch8_zero")[picture]), answer.Units.Scores(), 0.02);

        TokenRow Hiding(int patch)
        {
            var ids = new int[table.Pieces];
            ids[table.Shape.Before + patch] = 1;
            return new TokenRow { Ids = ids, Picture = table };
        }
    }

    /// <summary>The pixels as ViT's processor makes them of 8 bits, computed here, beside pixels of zeros.</summary>
    private async Task<(IModelRunner Runner, PictureTable Table)> RunnerAsync(int picture)
    {
        var model = await service.Services.GetRequiredService<IModelRegistry>().GetAsync("vit-cls", None);
        var shape = model.Description.Picture!;
        float[] pixels = [.. Floats(Golden.GetProperty("pixel_values")[picture]).Select(value => ((Byte(value) / 255f) - 0.5f) / 0.5f)];
        return (model.Runner, new PictureTable(shape, [shape.Arrange(pixels), new float[shape.Sequence * shape.TokenSize]]));
    }

    private static Dictionary<string, object> Of(int picture, Dictionary<string, object> fields) =>
        new(fields)
        {
            ["image"] = Image(picture),
            ["target"] = new { label = Target },
            ["objective"] = "logit",
        };

    private static string Image(int picture)
    {
        var values = Floats(Golden.GetProperty("pixel_values")[picture]);
        return Convert.ToBase64String(Png.Of(Side, Side, (x, y) => (At(0, x, y), At(1, x, y), At(2, x, y))));

        byte At(int channel, int x, int y) => Byte(values[(((channel * Side) + y) * Side) + x]);
    }

    private static byte Byte(double value) => (byte)Math.Round(Level(value));

    private static double Level(double value) => ((value * 0.5) + 0.5) * 255;

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static double[] Floats(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().SelectMany(Floats)] : [value.GetDouble()];

    private static JsonElement Read()
    {
        using var json = ReferenceData.Json("vision", "vit-cls", "golden.json");
        return json.RootElement.Clone();
    }
}
