using ExplainService.Methods.Attention;
using ExplainService.Methods.Faithfulness;
using ExplainService.Methods.Inside;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
using ExplainService.Runtime;

namespace ExplainService.Api.Tests.Vision;

/// <summary>A picture beside labels of the caller's: the picture is explained as a classifier's is.</summary>
public sealed class ClipTests(ClipService service) : IClassFixture<ClipService>
{
    private static readonly string[] Labels = ["a photo of the cat", "Red DOG", "a house"];

    private static string Image => ClipService.Image;

    [Fact]
    public async Task The_prediction_over_labels_is_the_graph_s()
    {
        var expected = service.Whole(await AllIdsAsync(Labels));
        var answer = await service.AskAsync<PredictAnswer>("/predict", new { image = Image, labels = Labels });
        var labels = answer.Prediction!.Labels!;
        Assert.Equal(Labels, labels.Select(label => label.Label));
        Assert.All(expected.Zip(labels), pair => Assert.Equal(pair.First, pair.Second.Logit!.Value, 1e-4));
        var largest = expected.Max();
        var sum = expected.Sum(logit => Math.Exp(logit - largest));
        Assert.All(expected.Zip(labels), pair => Assert.Equal(Math.Exp(pair.First - largest) / sum, pair.Second.Probability!.Value, 1e-4));
        Assert.Equal(Labels[Array.IndexOf(expected, largest)], answer.Prediction.Label);
        Assert.Equal((4, 4), (answer.Image!.PatchRows, answer.Image.PatchColumns));
    }

    [Fact]
    public async Task A_template_stands_around_every_label()
    {
        var expected = service.Whole(await AllIdsAsync("the photo of cat", "the photo of dog"));
        var answer = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                image = Image,
                labels = new[] { "cat", "dog" },
                hypothesis_template = "the photo of {}",
            }
        );
        Assert.Equal(["cat", "dog"], answer.Prediction!.Labels!.Select(label => label.Label));
        Assert.All(expected.Zip(answer.Prediction.Labels!), pair => Assert.Equal(pair.First, pair.Second.Logit!.Value, 1e-4));
    }

    [Fact]
    public async Task A_hidden_patch_takes_off_what_it_does_in_the_graph()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                image = Image,
                labels = Labels,
                target = new { label = "Red DOG" },
                objective = "logit",
                replacement = "zero",
            }
        );
        Assert.Equal((16, 1), (answer.Units.Count, answer.Target!.Index));
        var label = await AllIdsAsync("Red DOG");
        var whole = service.Whole(label).Single();
        foreach (var (unit, index) in answer.Units.Select((unit, index) => (unit, index)))
        {
            var pixels = VisionService.Pixels;
            for (var at = 0; at < pixels.Length; at++)
            {
                var (y, x) = (at / 32 % 32, at % 32);
                pixels[at] = (y / 8 * 4) + (x / 8) == index ? 0 : pixels[at];
            }

            Assert.Equal(whole - service.Whole(pixels, label).Single(), unit.Score!.Value, 1e-4);
        }
    }

    [Theory]
    [InlineData("patch", null)]
    [InlineData("superpixel", 8)]
    public async Task Shapley_values_add_up(string granularity, int? segments)
    {
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                image = Image,
                labels = Labels,
                granularity,
                segments,
                max_evaluations = 300,
            }
        );
        Assert.Equal(answer.Value - answer.BaseValue, answer.Units.Scores().Sum(), 1e-4);
    }

    [Fact]
    public async Task Lime_and_permutation_start_from_the_same_prediction()
    {
        var lime = await service.AskAsync<LimeAnswer>(
            "/lime",
            new
            {
                image = Image,
                labels = Labels,
                samples = 100,
            }
        );
        var permutation = await service.AskAsync<PermutationAnswer>("/permutation", new { image = Image, labels = Labels });
        Assert.Equal(lime.Value, permutation.Value, 1e-5);
        Assert.Equal(lime.Prediction!.Probability!.Value, lime.Value, 1e-5);
    }

    [Theory]
    [InlineData("gradient")]
    [InlineData("input_x_gradient")]
    [InlineData("smooth_grad")]
    [InlineData("gradient_shap")]
    [InlineData("cp_lrp")]
    [InlineData("attn_lrp")]
    public async Task Every_algorithm_scores_the_pixels_and_the_patches(string method)
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                image = Image,
                labels = Labels,
                method,
            }
        );
        Assert.Equal((16, 32, 32), (answer.Units.Count, answer.Scores!.Count, answer.Scores[0].Count));
        Assert.Equal(answer.Scores.Sum(line => line.Sum()), answer.Units.Scores().Sum(), 1e-5);
        Assert.Contains(answer.Units, unit => unit.Score!.Value != 0);
    }

    [Theory]
    [InlineData("logit")]
    [InlineData("probability")]
    public async Task Integrated_gradients_add_up_to_the_change_from_the_baseline(string objective)
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                image = Image,
                labels = Labels,
                method = "integrated_gradients",
                baseline = "mean",
                tolerance = 1e-3,
                max_steps = 400,
                objective,
            }
        );
        Assert.InRange(answer.CompletenessError!.Value, 0, 1e-3);
        Assert.Equal(answer.Path![^1].Value - answer.Path[0].Value, answer.Scores!.Sum(line => line.Sum()), 2e-3);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("rollout")]
    [InlineData("flow")]
    [InlineData("gradient_relevance")]
    [InlineData("value_zeroing")]
    [InlineData("norms")]
    public async Task Attention_is_that_of_the_pictures(string aggregate)
    {
        var answer = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                image = Image,
                labels = Labels,
                aggregate,
            }
        );
        Assert.Equal(17, answer.Tokens.Count);
        Assert.Equal(2, (await service.Client.ModelAsync("clip")).Limits!.AttentionLayers.Self);
    }

    [Fact]
    public async Task Layers_neurons_and_heads_are_those_of_the_pictures()
    {
        var request = new { image = Image, labels = Labels };
        Assert.True((await service.AskAsync("/layers", request)).GetProperty("layers").GetArrayLength() >= 2);
        var lens = await service.AskAsync(
            "/layers",
            new
            {
                image = Image,
                labels = Labels,
                method = "lens",
            }
        );
        var predicted = (await service.AskAsync<PredictAnswer>("/predict", request)).Prediction!;
        var last = lens.GetProperty("layers").EnumerateArray().Last().GetProperty("labels").EnumerateArray();
        Assert.Equal(
            predicted.Labels!.Select(label => Math.Round(label.Logit!.Value, 3)).Order(),
            last.Select(label => Math.Round(label.GetProperty("logit").GetDouble(), 3)).Order()
        );
        Assert.All((await service.AskAsync<AblationAnswer>("/ablation", request)).Heads!, layer => Assert.Equal(2, layer.Count));
        Assert.Equal(2, (await service.AskAsync<NeuronsAnswer>("/neurons", request)).Layers.Count);
    }

    [Fact]
    public async Task Explanations_are_judged_and_compared()
    {
        var judged = await service.AskAsync<EvaluateAnswer>(
            "/evaluate",
            new
            {
                image = Image,
                labels = Labels,
                explanation = new { endpoint = "/saliency", method = "input_x_gradient" },
                metrics = new[] { "area", "comprehensiveness", "randomisation" },
                random_orders = 5,
            }
        );
        Assert.Equal(["blur", "mean"], judged.Metrics["area"].Keys.Order());
        Assert.Contains("randomisation", judged.Metrics.Keys);
        var compared = await service.AskAsync(
            "/compare",
            new
            {
                image = Image,
                labels = Labels,
                random_orders = 3,
                max_evaluations = 3000,
            }
        );
        Assert.True(compared.GetProperty("explanations").GetArrayLength() > 1);
    }

    [Fact]
    public async Task Why_this_label_and_not_that_is_the_difference_of_their_logits()
    {
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                image = Image,
                labels = Labels,
                target = new { label = Labels[0] },
                against = new { label = Labels[2] },
                max_evaluations = 200,
            }
        );
        var logits = answer.Prediction!.Labels!;
        Assert.Equal(logits[0].Logit!.Value - logits[2].Logit!.Value, answer.Value, 1e-4);
    }

    [Fact]
    public async Task Requests_with_other_labels_at_the_same_time_change_nothing()
    {
        string[][] sets = [Labels, ["dog", "cat"], ["the red car", "a blue house", "of", "photo"], ["cat", "dog"]];
        var alone = new List<double[]>();
        foreach (var labels in sets)
        {
            alone.Add((await AskedAsync(labels)).Units.Scores());
        }

        var together = await Task.WhenAll(sets.Reverse().Select(AskedAsync));
        Assert.All(
            alone.Zip(together.Reverse()),
            pair => Assert.All(pair.First.Zip(pair.Second.Units.Scores()), scores => Assert.Equal(scores.First, scores.Second, 1e-5))
        );

        Task<OcclusionAnswer> AskedAsync(string[] labels) =>
            service.AskAsync<OcclusionAnswer>(
                "/occlusion",
                new
                {
                    image = Image,
                    labels,
                    target = new { label = 0 },
                }
            );
    }

    [Fact]
    public async Task The_model_says_what_it_does()
    {
        _ = await service.AskAsync<PredictAnswer>("/predict", new { image = Image, labels = Labels });
        var model = await service.Client.ModelAsync("clip");
        Assert.Equal(ModelTask.ZeroShotImageClassification, model.Task);
        Assert.Equal((24, 4), (model.Limits!.LabelTokens, model.Limits.Image!.PatchRows));
        Assert.All(
            ["predict", "tokenize", "occlusion", "shap.auto", "lime", "permutation", "saliency.attn_lrp", "attention.gradient_relevance"],
            feature => Assert.True(model.Supports![feature].Supported, feature)
        );
    }

    private async Task<int[][]> AllIdsAsync(params string[] labels)
    {
        var rows = new List<int[]>();
        foreach (var label in labels)
        {
            rows.Add(await service.IdsAsync(label));
        }

        return [.. rows];
    }
}
