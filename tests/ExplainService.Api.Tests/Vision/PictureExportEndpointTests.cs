using ExplainService.Methods.Attention;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Saliency;

namespace ExplainService.Api.Tests.Vision;

/// <summary>BEiT and Swin through HTTP: what their structure allows is answered, and the rest says why not.</summary>
public sealed class PictureExportEndpointTests(TinyPictures service) : IClassFixture<TinyPictures>
{
    private static string Image => TinyPictures.Image;

    public static TheoryData<string, string, string> Answered =>
        new(
            from model in new[] { "beit", "swin" }
            from asked in (string[])
                [
                    "/predict {}",
                    "/occlusion {}",
                    """/occlusion {"granularity": "superpixel", "segments": 8}""",
                    """/shap {"max_evaluations": 200}""",
                    """/lime {"samples": 100}""",
                    "/permutation {}",
                    """/saliency {"method": "gradient"}""",
                    """/saliency {"method": "input_x_gradient"}""",
                    """/saliency {"method": "integrated_gradients", "steps": 8}""",
                    """/saliency {"method": "smooth_grad", "samples": 3}""",
                    """/saliency {"method": "gradient_shap", "samples": 3}""",
                    """/saliency {"method": "cp_lrp"}""",
                    """/saliency {"method": "attn_lrp"}""",
                    """/evaluate {"explanation": {"endpoint": "/saliency", "method": "input_x_gradient"}, "random_orders": 3}""",
                    """/counterfactual {"max_evaluations": 100}""",
                ]
            select (model, asked.Split(' ', 2)[0], asked.Split(' ', 2)[1])
        );

    [Theory]
    [MemberData(nameof(Answered))]
    public async Task Whatever_hides_patches_or_follows_gradients_is_answered(string model, string path, string fields)
    {
        var comma = fields == "{}" ? "" : ", ";
        var answer = await service.AskAsync(path, $$"""{"model": "{{model}}", "image": "{{Image}}"{{comma}}{{fields[1..]}}""");
        Assert.Equal(model, answer.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("beit", 16)]
    [InlineData("swin", 64)]
    public async Task Units_are_the_patches_that_the_convolution_cuts(string model, int patches)
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { model, image = Image });
        Assert.Equal(patches, answer.Units.Count);
        Assert.Contains(answer.Units, unit => Math.Abs(unit.Score!.Value) > 1e-4);
    }

    [Theory]
    [InlineData("beit")]
    [InlineData("swin")]
    public async Task Integrated_gradients_are_complete_and_relevance_freezes_every_attention(string model)
    {
        var integrated = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model,
                image = Image,
                method = "integrated_gradients",
                tolerance = 1e-3,
                objective = "logit",
            }
        );
        Assert.InRange(integrated.CompletenessError!.Value, 0, 1e-3);
        var relevance = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model,
                image = Image,
                method = "cp_lrp",
            }
        );
        Assert.Equal(model == "beit" ? 2 : 3, relevance.Frozen!.Attention);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("rollout")]
    [InlineData("gradient_relevance")]
    [InlineData("value_zeroing")]
    [InlineData("norms")]
    public async Task Attention_with_a_bias_of_places_is_found(string aggregate)
    {
        var answer = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model = "beit",
                image = Image,
                aggregate,
            }
        );
        Assert.Equal((2, 17), (answer.Layers.Count, answer.Tokens.Count));
        Assert.All(answer.Attention?[1][1] ?? [], row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    [Fact]
    public async Task Attention_within_windows_says_that_it_is()
    {
        foreach (var aggregate in new[] { "none", "rollout", "gradient_relevance" })
        {
            var problem = await service.RefuseAsync(
                "/attention",
                new
                {
                    model = "swin",
                    image = Image,
                    aggregate,
                }
            );
            Assert.Contains("windows of 16 tokens", problem.Detail, StringComparison.Ordinal);
        }

        var supports = (await service.Client.ModelAsync("swin")).Supports!;
        Assert.Contains("windows", supports["attention.rollout"].Reason, StringComparison.Ordinal);
        Assert.All(
            ["predict", "occlusion", "shap.auto", "saliency.integrated_gradients", "saliency.cp_lrp", "counterfactual.remove"],
            feature => Assert.True(supports[feature].Supported, feature)
        );
    }

    /// <summary>The inside of a hierarchy of stages has no one list of tokens; whatever is refused is listed so.</summary>
    [Theory]
    [InlineData("/layers", "layers.gradient_x_activation")]
    [InlineData("/layers", "layers.lens", "lens")]
    [InlineData("/neurons", "neurons.activation")]
    [InlineData("/ablation", "ablation.heads")]
    public async Task The_inside_is_answered_or_refused_as_the_list_says(string path, string feature, string? method = null)
    {
        foreach (var model in new[] { "beit", "swin" })
        {
            await service.AskAsync("/predict", new { model, image = Image });
            var listed = (await service.Client.ModelAsync(model)).Supports![feature];
            var (status, body) = await service.PostAsync(
                path,
                method is null
                    ? new { model, image = Image }
                    : new
                    {
                        model,
                        image = Image,
                        method,
                    }
            );
            Assert.True(listed.Supported == (status == 200), $"{model} {feature}: {listed.Reason} {status} {body.GetRawText()[..200]}");
            Assert.True(status is 200 or 422);
            Assert.True(model == "swin" || status == 200);
        }
    }
}
