using System.Net.Http.Headers;
using System.Text;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
using ExplainService.Runtime;

namespace ExplainService.Api.Tests.Vision;

/// <summary>Pictures through HTTP: what the methods promise of texts holds of them too.</summary>
public sealed class PictureMethodTests(VisionService service) : IClassFixture<VisionService>
{
    private static string Image => VisionService.Image;

    [Fact]
    public async Task A_data_url_and_a_form_say_the_same_as_base64()
    {
        var plain = await service.AskAsync<OcclusionAnswer>("/occlusion", new { image = Image, replacement = "zero" });
        var url = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new { image = "data:image/png;base64," + Image, replacement = "zero" }
        );
        Assert.Equal(plain.Units.Scores(), url.Units.Scores());

        using var form = new MultipartFormDataContent
        {
            { new StringContent("{\"replacement\":\"zero\"}", Encoding.UTF8, "application/json"), "request" },
            {
                new ByteArrayContent(VisionService.Picture) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } },
                "image",
                "a.png"
            },
        };
        using var response = await service.Client.PostAsync(new Uri("/occlusion", UriKind.Relative), form);
        var body = Asking.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(
            plain.Units.Scores(),
            body.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble())
        );
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("zero")]
    [InlineData("blur")]
    [InlineData("noise")]
    public async Task Occlusion_of_a_patch_is_the_fall_of_f_and_says_where_the_patch_is(string replacement)
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                image = Image,
                replacement,
                objective = "logit",
            }
        );
        Assert.Equal(("patch", replacement, 16), (answer.Granularity, answer.Replacement, answer.Units.Count));
        Assert.Equal([0, 0, 8, 8], answer.Units[0].Box!);
        Assert.Equal([16, 8, 8, 8], answer.Units[6].Box!);
        Assert.Equal("2,3", answer.Units[6].Text);
        Assert.Contains(answer.Units, unit => Math.Abs(unit.Score!.Value) > 1e-4);
    }

    [Fact]
    public async Task Boxes_are_in_pixels_of_the_picture_as_sent()
    {
        var large = Convert.ToBase64String(VisionService.Of(64, 96));
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { image = large });
        Assert.Equal([48, 72, 16, 24], answer.Units[15].Box!);
        Assert.Equal((64, 96), (answer.Image!.Width, answer.Image.Height));
        Assert.Equal([0, 0, 64, 96], answer.Image.Seen);
    }

    [Theory]
    [InlineData("patch", null)]
    [InlineData("superpixel", 8)]
    public async Task Shapley_values_add_up_to_what_hiding_everything_takes_off(string granularity, int? segments)
    {
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                image = Image,
                granularity,
                segments,
                replacement = "blur",
                max_evaluations = 300,
            }
        );
        Assert.Equal(granularity, answer.Granularity);
        Assert.Equal(answer.Value - answer.BaseValue, answer.Units.Scores().Sum(), 1e-4);
        Assert.All(answer.Units, unit => Assert.Equal(4, unit.Box!.Count));
    }

    [Fact]
    public async Task Superpixels_are_about_as_many_as_asked_and_cover_the_picture()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                image = Image,
                granularity = "superpixel",
                segments = 9,
            }
        );
        Assert.InRange(answer.Units.Count, 4, 16);
        Assert.Equal(answer.Units.Count, answer.Image!.Superpixels);
        Assert.Equal(0, answer.Units.Min(unit => unit.Box![0]));
        Assert.Equal(32, answer.Units.Max(unit => unit.Box![1] + unit.Box[3]));
    }

    [Fact]
    public async Task Lime_and_permutation_score_every_patch()
    {
        var lime = await service.AskAsync<LimeAnswer>("/lime", new { image = Image, samples = 200 });
        var permutation = await service.AskAsync<PermutationAnswer>("/permutation", new { image = Image });
        Assert.Equal((16, 16), (lime.Units.Count, permutation.Units.Count));
        Assert.Equal(lime.Value, permutation.Value, 1e-5);
    }

    [Theory]
    [InlineData("zero")]
    [InlineData("mean")]
    [InlineData("blur")]
    [InlineData("noise")]
    public async Task Integrated_gradients_of_pixels_add_up_to_the_change_from_the_baseline(string baseline)
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                image = Image,
                method = "integrated_gradients",
                baseline,
                tolerance = 1e-3,
                objective = "logit",
            }
        );
        Assert.InRange(answer.CompletenessError!.Value, 0, 1e-3);
        Assert.Equal((32, 32), (answer.Scores!.Count, answer.Scores[0].Count));
        Assert.Equal(answer.Path![^1].Value - answer.Path[0].Value, answer.Scores.Sum(line => line.Sum()), 2e-3);
    }

    [Theory]
    [InlineData("gradient")]
    [InlineData("input_x_gradient")]
    [InlineData("integrated_gradients")]
    [InlineData("smooth_grad")]
    [InlineData("gradient_shap")]
    [InlineData("cp_lrp")]
    [InlineData("attn_lrp")]
    public async Task A_patch_has_the_sum_of_its_pixels_scores_by_every_algorithm(string method)
    {
        var answer = await service.AskAsync<SaliencyAnswer>("/saliency", new { image = Image, method });
        Assert.Equal(16, answer.Units.Count);
        foreach (var (unit, index) in answer.Units.Select((unit, index) => (unit, index)))
        {
            var (top, left) = (index / 4 * 8, index % 4 * 8);
            var sum = Enumerable.Range(top, 8).Sum(y => Enumerable.Range(left, 8).Sum(x => answer.Scores![y][x]));
            Assert.Equal(sum, unit.Score!.Value, 1e-6);
        }

        Assert.Contains(answer.Units, unit => unit.Score!.Value != 0);
    }

    [Fact]
    public async Task Superpixels_of_saliency_have_the_same_pixels_as_patches()
    {
        var patches = await service.AskAsync<SaliencyAnswer>("/saliency", new { image = Image, method = "input_x_gradient" });
        var regions = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                image = Image,
                method = "input_x_gradient",
                granularity = "superpixel",
                segments = 6,
            }
        );
        Assert.Equal(patches.Units.Scores().Sum(), regions.Units.Scores().Sum(), 1e-6);
        Assert.Equal(patches.Scores![3][5], regions.Scores![3][5], 1e-9);
    }

    [Theory]
    [InlineData("rollout")]
    [InlineData("flow")]
    [InlineData("gradient_relevance")]
    public async Task Attention_reaches_the_class_token_from_the_patches(string aggregate)
    {
        var answer = await service.AskAsync<AttentionAnswer>("/attention", new { image = Image, aggregate });
        Assert.Equal(17, answer.Tokens.Count);
        Assert.Equal((true, null), (answer.Tokens[0].Special, answer.Tokens[0].Box));
        var patches = answer.Units!.Where(unit => unit.Box is not null).ToArray();
        Assert.Equal(16, patches.Length);
        Assert.All(patches, patch => Assert.InRange(patch.Score!.Value, 0, double.PositiveInfinity));
        Assert.Contains(patches, patch => patch.Score > 0);
        Assert.Equal([24, 24, 8, 8], patches[15].Box!);
    }

    [Fact]
    public async Task Answers_do_not_depend_on_what_is_asked_at_the_same_time()
    {
        var request = new { image = Image, replacement = "blur" };
        var alone = (await service.AskAsync<OcclusionAnswer>("/occlusion", request)).Units.Scores();
        var others = Enumerable
            .Range(1, 4)
            .Select(i =>
                service.AskAsync<OcclusionAnswer>("/occlusion", new { image = Convert.ToBase64String(VisionService.Of(32 + i, 32)) })
            );
        var together = service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                image = Image + "",
                replacement = "blur",
                seed = 1,
            }
        );
        await Task.WhenAll([together, .. others]);
        Assert.All(alone.Zip((await together).Units.Scores()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public async Task The_model_says_what_it_does_of_pictures()
    {
        _ = await service.AskAsync<PredictAnswer>("/predict", new { image = Image });
        var model = await service.Client.ModelAsync("vit-cls");
        Assert.Equal(ModelTask.ImageClassification, model.Task);
        Assert.All(
            ["predict", "occlusion", "shap.auto", "lime", "permutation", "saliency.attn_lrp", "attention.gradient_relevance"],
            feature => Assert.True(model.Supports![feature].Supported, feature)
        );
        Assert.False(model.Supports!["tokenize"].Supported);
        Assert.Equal(
            (32, 32, 4, 4, true),
            (
                model.Limits!.Image!.Width,
                model.Limits.Image.Height,
                model.Limits.Image.PatchRows,
                model.Limits.Image.PatchColumns,
                model.Limits.Image.OwnPatches
            )
        );
        Assert.Equal(("mean", "zero"), (model.Defaults!.Replacement, model.Defaults.Baseline));
    }
}
