using ExplainService.Methods.Contracts;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests.Vision;

/// <summary>What the methods promise by definition, of pictures: equal patches, patches that change nothing, sums.</summary>
public sealed class PicturePropertyTests(TinyPictures service) : IClassFixture<TinyPictures>
{
    // Four patches: the first and the last are the same, and the third is the mean of all, which "mean" leaves as it is.
    private static readonly (byte R, byte G, byte B)[] Colours = [(90, 30, 200), (60, 60, 80), (80, 40, 160), (90, 30, 200)];

    private static string Image { get; } = Convert.ToBase64String(Png.Of(16, 16, (x, y) => Colours[(2 * (y / 8)) + (x / 8)]));

    [Theory]
    [InlineData("/occlusion", "{}")]
    [InlineData("/shap", """{"algorithm": "exact"}""")]
    [InlineData("/shap", """{"algorithm": "kernel", "max_evaluations": 64}""")]
    [InlineData("/shap", """{"algorithm": "exact", "replacement": "zero"}""")]
    [InlineData("/saliency", """{"method": "gradient"}""")]
    [InlineData("/saliency", """{"method": "integrated_gradients", "steps": 16}""")]
    [InlineData("/saliency", """{"method": "cp_lrp"}""")]
    public async Task Equal_patches_of_a_model_that_cannot_tell_them_apart_have_equal_scores(string path, string fields)
    {
        var scores = await ScoresAsync(path, fields);
        Assert.Equal(4, scores.Length);
        Assert.Equal(scores[0], scores[3], 1e-5);
        Assert.True(Math.Abs(scores[0] - scores[1]) > 1e-3, string.Join(' ', scores));
    }

    [Theory]
    [InlineData("/occlusion", "{}")]
    [InlineData("/shap", """{"algorithm": "exact"}""")]
    [InlineData("/shap", """{"algorithm": "permutation", "max_evaluations": 64}""")]
    [InlineData("/shap", """{"algorithm": "partition", "max_evaluations": 64}""")]
    public async Task A_patch_that_hiding_leaves_as_it_is_has_no_score(string path, string fields) =>
        Assert.Equal(0, (await ScoresAsync(path, fields))[2], 1e-5);

    [Theory]
    [InlineData("exact")]
    [InlineData("kernel")]
    [InlineData("permutation")]
    [InlineData("partition")]
    public async Task Shapley_values_of_every_class_add_up_by_every_estimator(string algorithm)
    {
        foreach (var replacement in new[] { "mean", "zero", "blur", "noise" })
        {
            var answer = await service.AskAsync<ShapAnswer>(
                "/shap",
                new
                {
                    model = "symmetric",
                    image = TinyPictures.Image,
                    algorithm,
                    replacement,
                    objective = "logit",
                    max_evaluations = 64,
                    target = new { labels = "all" },
                }
            );
            Assert.Equal(3, answer.Labels!.Count);
            Assert.All(answer.Labels, label => Assert.Equal(label.Value!.Value - label.BaseValue!.Value, label.Scores.Sum(), 1e-5));
        }
    }

    [Theory]
    [InlineData("beit", "mean")]
    [InlineData("swin", "zero")]
    [InlineData("symmetric", "blur")]
    public async Task Integrated_gradients_add_up_to_what_hiding_everything_takes_off(string model, string baseline)
    {
        var pixels = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model,
                image = TinyPictures.Image,
                method = "integrated_gradients",
                baseline,
                tolerance = 1e-3,
                max_steps = 2000,
                objective = "logit",
            }
        );
        var hidden = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                model,
                image = TinyPictures.Image,
                replacement = baseline,
                algorithm = "kernel",
                max_evaluations = 2,
                objective = "logit",
                target = new { label = pixels.Target!.Label! },
            }
        );
        Assert.Equal(hidden.Value - hidden.BaseValue, pixels.Units.Sum(unit => unit.Score!.Value), 2e-3);
    }

    private async Task<double[]> ScoresAsync(string path, string fields)
    {
        var comma = fields == "{}" ? "" : ", ";
        var request = $$"""{"model": "symmetric", "image": "{{Image}}", "objective": "logit"{{comma}}{{fields[1..]}}""";
        return (await service.AskAsync<UnitExplanation>(path, request)).Units.Scores();
    }
}
