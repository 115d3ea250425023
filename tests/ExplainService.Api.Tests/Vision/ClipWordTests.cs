using ExplainService.Methods.Counterfactuals;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests.Vision;

/// <summary>A picture beside labels of the caller's: the words of a label, and what is refused.</summary>
public sealed class ClipWordTests(ClipService service) : IClassFixture<ClipService>
{
    private static readonly string[] Labels = ["a photo of the cat", "red dog", "a house"];

    private static string Image => ClipService.Image;

    [Fact]
    public async Task A_word_of_a_label_counts_for_what_the_logit_loses_without_it()
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", Words(new { objective = "logit" }));
        Assert.Equal(["a", "photo", "of", "the", "cat"], answer.Units.Select(unit => unit.Text));
        Assert.Equal([(0, 1), (2, 7), (8, 10), (11, 14), (15, 18)], answer.Units.Select(unit => (unit.Start, unit.End)));
        Assert.Equal("delete", answer.Replacement);
        var whole = service.Whole(await service.IdsAsync(Labels[0])).Single();
        foreach (var unit in answer.Units)
        {
            var without = string.Join(' ', Labels[0].Split(' ').Where(word => word != unit.Text));
            Assert.Equal(whole - service.Whole(await service.IdsAsync(without)).Single(), unit.Score!.Value, 1e-4);
        }
    }

    [Fact]
    public async Task Other_labels_stay_as_they_are_where_the_probability_is_explained()
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", Words(new { objective = "probability" }));
        var whole = service.Whole(await service.IdsAsync(Labels[0]), await service.IdsAsync(Labels[1]), await service.IdsAsync(Labels[2]));
        var without = service.Whole(await service.IdsAsync("a photo of the")).Single();
        Assert.Equal(First(whole) - First([without, whole[1], whole[2]]), answer.Units[4].Score!.Value, 1e-5);

        static double First(float[] logits) => Math.Exp(logits[0]) / logits.Sum(logit => Math.Exp(logit));
    }

    [Fact]
    public async Task Shapley_values_of_words_add_up_from_the_empty_label()
    {
        var answer = await service.AskAsync<ShapAnswer>("/shap", Words(new { objective = "logit", algorithm = "exact" }));
        var empty = service.Whole(await service.IdsAsync("")).Single();
        Assert.Equal(empty, answer.BaseValue, 1e-4);
        Assert.Equal(answer.Value - answer.BaseValue, answer.Units.Scores().Sum(), 1e-4);
    }

    [Fact]
    public async Task Lime_scores_words_and_the_predicted_label_is_explained_where_none_is_named()
    {
        var predicted = (await service.AskAsync<PredictAnswer>("/predict", new { image = Image, labels = Labels })).Prediction!;
        var answer = await service.AskAsync<LimeAnswer>(
            "/lime",
            new
            {
                image = Image,
                labels = Labels,
                granularity = "word",
                samples = 60,
            }
        );
        Assert.Equal(predicted.Label, answer.Target!.Label);
        Assert.Equal(predicted.Label!.Split(' '), answer.Units.Select(unit => unit.Text));
        Assert.Equal(predicted.Probability!.Value, answer.Value, 1e-5);
        Assert.Null(answer.Image);
    }

    [Fact]
    public async Task A_replacement_by_text_is_the_label_with_that_word()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            Words(new { objective = "logit", replacement = new { text = "dog" } })
        );
        var (whole, other) = (
            service.Whole(await service.IdsAsync(Labels[0])).Single(),
            service.Whole(await service.IdsAsync("a photo of the dog")).Single()
        );
        Assert.Equal(whole - other, answer.Units[4].Score!.Value, 1e-4);
    }

    [Fact]
    public async Task Words_can_be_judged_too()
    {
        var answer = await service.AskAsync("/occlusion", Words(new { quality = "basic" }));
        Assert.True(answer.TryGetProperty("quality", out _), answer.GetRawText());
    }

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { "/occlusion", "labels", Json(new { image = Image }) },
            { "/occlusion", "text", Json(new { text = "a cat", labels = Labels }) },
            { "/predict", "text", Json(new { text = "a cat" }) },
            { "/occlusion", "replacement", Json(Words(new { replacement = "pad" })) },
            { "/occlusion", "target.label", Json(Words(new { target = new { label = "a bird" } })) },
            {
                "/occlusion",
                "overflow",
                Json(
                    new
                    {
                        image = Image,
                        labels = Labels,
                        overflow = "truncate",
                    }
                )
            },
            {
                "/occlusion",
                "spans",
                Json(
                    new
                    {
                        image = Image,
                        labels = Labels,
                        spans = new[] { new[] { 0, 1 } },
                    }
                )
            },
            {
                "/occlusion",
                "granularity",
                Json(
                    new
                    {
                        image = Image,
                        labels = Labels,
                        granularity = new[] { "patch", "word" },
                    }
                )
            },
            {
                "/shap",
                "against",
                Json(
                    new
                    {
                        image = Image,
                        labels = new[] { "cat" },
                        against = new { label = 0 },
                    }
                )
            },
            {
                "/shap",
                "objective",
                Json(
                    new
                    {
                        image = Image,
                        labels = new[] { "cat" },
                        objective = "probability",
                    }
                )
            },
            { "/predict", "labels", Json(new { image = Image, labels = new[] { string.Join(' ', Enumerable.Repeat("cat", 30)) } }) },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_request_that_makes_no_sense_names_its_field(string path, string field, string request) =>
        Assert.Equal([field], await service.RefusedFieldsAsync(path, request));

    [Theory]
    [InlineData("/saliency")]
    [InlineData("/attention")]
    [InlineData("/layers")]
    public async Task What_is_inside_is_not_explained_of_words(string path)
    {
        var problem = await service.RefuseAsync(path, Words(new { }));
        Assert.Contains("granularity", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_label_is_explained_by_its_logit()
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { image = Image, labels = new[] { "cat" } });
        Assert.Equal("logit", answer.Objective!.Value.ToString().ToLowerInvariant());
        Assert.Equal(1, answer.Prediction!.Probability!.Value, 1e-9);
        Assert.Contains("single_label", answer.WarningCodes);
        Assert.Contains(answer.Units, unit => Math.Abs(unit.Score!.Value) > 1e-3);
    }

    [Fact]
    public async Task Without_the_words_of_a_counterfactual_another_label_is_predicted()
    {
        string[] labels = ["a photo of the cat", "a photo of the dog"];
        var request = new
        {
            image = Image,
            labels,
            granularity = "word",
            method = "remove",
        };
        var answer = await service.AskAsync<CounterfactualAnswer>("/counterfactual", request);
        Assert.NotEmpty(answer.Counterfactuals);
        foreach (var found in answer.Counterfactuals)
        {
            var changed = labels.Select(label => label == answer.Target!.Label ? found.Text : label).ToArray();
            var after = await service.AskAsync<PredictAnswer>("/predict", new { image = Image, labels = changed });
            Assert.NotEqual(found.Text, after.Prediction!.Label);
        }
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("reduce")]
    public async Task A_single_label_has_no_counterfactual(string method) =>
        Assert.Equal(
            ["labels"],
            await service.RefusedFieldsAsync(
                "/counterfactual",
                new
                {
                    image = Image,
                    labels = new[] { "cat" },
                    method,
                }
            )
        );

    [Fact]
    public async Task Words_are_no_superpixels() =>
        Assert.Equal(["segments"], await service.RefusedFieldsAsync("/occlusion", Words(new { segments = 30 })));

    private static string Json(object request) => System.Text.Json.JsonSerializer.Serialize(request);

    private static Dictionary<string, object> Words(object more)
    {
        var request = new Dictionary<string, object>
        {
            ["image"] = Image,
            ["labels"] = Labels,
            ["granularity"] = "word",
            ["target"] = new { label = Labels[0] },
        };
        foreach (var property in more.GetType().GetProperties())
        {
            request[property.Name] = property.GetValue(more)!;
        }

        return request;
    }
}
