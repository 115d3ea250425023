using ExplainService.Methods.Faithfulness;
using ExplainService.Methods.Inside;

namespace ExplainService.Api.Tests.Vision;

/// <summary>What is inside a model of pictures, and how far explanations of them can be trusted.</summary>
public sealed class PictureInsideTests(VisionService service) : IClassFixture<VisionService>
{
    private static string Image => VisionService.Image;

    [Theory]
    [InlineData("gradient_x_activation")]
    [InlineData("conductance")]
    [InlineData("cp_lrp")]
    [InlineData("attn_lrp")]
    [InlineData("lens")]
    public async Task Layers_are_scored_over_the_class_token_and_the_patches(string method)
    {
        var answer = await service.AskAsync("/layers", new { image = Image, method });
        Assert.Equal(17, answer.GetProperty("tokens").GetArrayLength());
        Assert.True(answer.GetProperty("layers").GetArrayLength() >= 3);
    }

    [Fact]
    public async Task A_head_that_is_off_changes_the_prediction()
    {
        var answer = await service.AskAsync<AblationAnswer>("/ablation", new { image = Image, objective = "logit" });
        Assert.Equal((3, 4), (answer.Heads!.Count, answer.Heads[0].Count));
        Assert.Contains(answer.Heads.SelectMany(layer => layer), head => Math.Abs(head.Score) > 1e-4);
        Assert.All(answer.Heads.SelectMany(layer => layer), head => Assert.Equal(0, head.Types.Copies));
    }

    [Fact]
    public async Task Neurons_are_listed_by_their_scores()
    {
        var answer = await service.AskAsync<NeuronsAnswer>("/neurons", new { image = Image, by = "gradient_x_activation" });
        Assert.Equal(3, answer.Layers.Count);
        Assert.All(answer.Activations, neuron => Assert.Equal(17, neuron.Tokens.Count));
        Assert.Equal(
            ["corpus"],
            await service.RefusedFieldsAsync(
                "/neurons",
                new
                {
                    image = Image,
                    neurons = new[] { new { layer = 0, neuron = 1 } },
                    corpus = new[] { "a film" },
                }
            )
        );
    }

    [Fact]
    public async Task Explanations_of_a_picture_are_judged_by_hiding_its_patches()
    {
        var answer = await service.AskAsync<EvaluateAnswer>(
            "/evaluate",
            new
            {
                image = Image,
                explanation = new { endpoint = "/saliency", method = "input_x_gradient" },
                random_orders = 5,
            }
        );
        Assert.Equal(16, answer.Explanation.Units.Count);
        Assert.Equal(["blur", "mean"], answer.Metrics["area"].Keys.Order());
        Assert.All(answer.Metrics.Values.SelectMany(metric => metric.Keys), name => Assert.Contains(name, new[] { "mean", "blur" }));
    }

    [Theory]
    [InlineData("/occlusion")]
    [InlineData("/saliency")]
    public async Task An_answer_says_how_far_its_scores_can_be_trusted(string path)
    {
        var answer = await service.AskAsync(path, new { image = Image, quality = "basic" });
        Assert.True(
            answer.GetProperty("quality").GetProperty("area").TryGetProperty("mean", out _),
            answer.GetProperty("quality").GetRawText()
        );
    }

    [Fact]
    public async Task Methods_are_compared_on_one_picture()
    {
        var answer = await service.AskAsync(
            "/compare",
            new
            {
                image = Image,
                random_orders = 3,
                max_evaluations = 3000,
            }
        );
        Assert.True(answer.GetProperty("explanations").GetArrayLength() > 1, answer.GetRawText()[..500]);
    }
}
