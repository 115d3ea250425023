using System.Text.Json;
using System.Text.Json.Nodes;
using static ExplainService.Api.Tests.Faithfulness.Evaluations;

namespace ExplainService.Api.Tests.Faithfulness;

/// <summary>What requests that judge explanations may say, and <c>quality</c> on any other.</summary>
public sealed class JudgedRequestTests(Service service) : IClassFixture<Service>
{
    private const string Review = "a gripping and funny film without one dull minute";

    [Theory]
    [InlineData("""{"text": "good", "explanation": {"endpoint": "/predict"}}""", 400, "explanation.endpoint")]
    [InlineData("""{"text": "good", "explanation": {"endpoint": "/shap", "sampels": 3}}""", 400, "explanation.sampels")]
    [InlineData("""{"text": "good", "explanation": {"endpoint": "/shap", "max_evaluations": 0}}""", 400, "explanation.max_evaluations")]
    [InlineData("""{"text": "good", "explanation": {"endpoint": "/shap", "text": "bad"}}""", 400, "explanation.text")]
    [InlineData(
        """{"text": "good", "objective": "logit", "explanation": {"endpoint": "/shap", "objective": "probability"}}""",
        400,
        "explanation.objective"
    )]
    [InlineData("""{"text": "good", "explanation": {}}""", 400, "explanation")]
    [InlineData("""{"text": "good", "explanation": {"scores": []}}""", 400, "explanation.scores")]
    [InlineData("""{"text": "good", "explanation": {"scores": [{"start": 0, "end": 0, "score": 1}]}}""", 400, "explanation.scores[0]")]
    [InlineData("""{"text": "good", "explanation": {"scores": [{"start": 2, "end": 9, "score": 1}]}}""", 400, "explanation.scores[0]")]
    [InlineData(
        """{"text": "good one", "explanation": {"scores": [{"start": 0, "end": 4, "score": 1}, {"start": 3, "end": 8, "score": 1}]}}""",
        400,
        "explanation.scores[1]"
    )]
    [InlineData("""{"text": "good  one", "explanation": {"scores": [{"start": 4, "end": 5, "score": 1}]}}""", 422, "explanation.scores[0]")]
    [InlineData("""{"text": "good", "explanation": {"scores": [{"start": 0, "end": 4}]}}""", 400, "explanation.scores[0].score")]
    [InlineData(
        """{"text": "good", "granularity": "word", "explanation": {"scores": [{"start": 0, "end": 4, "score": 1}]}}""",
        400,
        "granularity"
    )]
    [InlineData("""{"text": "good", "spans": [[0, 4]], "explanation": {"scores": [{"start": 0, "end": 4, "score": 1}]}}""", 400, "spans")]
    [InlineData("""{"text": "good", "explanation": {"endpoint": "/attention"}}""", 422, "explanation")]
    [InlineData("""{"text": "good", "explanation": {"endpoint": "/shap", "\ud83d": 1}}""", 400, "explanation")]
    [InlineData("""{"text": "good", "explanation": {"endpoint": "\ud83d"}}""", 400, "explanation")]
    [InlineData("""{"text": "good", "metrics": ["areo"]}""", 400, "metrics[0]")]
    [InlineData("""{"text": "good", "metrics": []}""", 400, "metrics")]
    [InlineData("""{"text": "good", "replacements": ["mask", "mask"]}""", 400, "replacements")]
    [InlineData("""{"text": "good", "rationale": [[3, 1]], "metrics": ["plausibility"]}""", 400, "rationale[0]")]
    [InlineData("""{"text": "good", "target": {"labels": "all"}}""", 422, "target.labels")]
    [InlineData("""{"text": "good", "granularity": ["sentence", "word"]}""", 422, "granularity")]
    public async Task A_request_that_cannot_be_is_refused_by_its_field(string request, int status, string field) =>
        Assert.Equal([field], await service.RefusedFieldsAsync("/evaluate", request, status));

    [Theory]
    [InlineData("/evaluate", """{"explanation": {"endpoint": "/shap", "replacement": {"text": "@"}}}""", "explanation.replacement.text")]
    [InlineData("/evaluate", """{"replacements": ["mask", {"text": "@"}]}""", "replacements[1].text")]
    [InlineData("/compare", """{"replacements": [{"text": "@"}]}""", "replacements[0].text")]
    [InlineData(
        "/compare",
        """{"methods": [{"endpoint": "/lime"}, {"endpoint": "/permutation", "background": ["so", "@"]}]}""",
        "methods[1].background[1]"
    )]
    public async Task Texts_beside_the_one_explained_have_the_bound_that_they_have_elsewhere(string path, string fields, string field)
    {
        var request = JsonNode.Parse(fields.Replace("@", new string('a', 100_001), StringComparison.Ordinal))!.AsObject();
        request["text"] = Review;
        Assert.Equal([field], await service.RefusedFieldsAsync(path, request, 400));
    }

    [Fact]
    public async Task Offsets_of_scores_count_as_the_request_says()
    {
        const string Text = "a 😀 gripping film";
        object Scores(int shift) =>
            new
            {
                scores = new[]
                {
                    new
                    {
                        start = 5 - shift,
                        end = 13 - shift,
                        score = 2.0,
                    },
                    new
                    {
                        start = 14 - shift,
                        end = 18 - shift,
                        score = 1.0,
                    },
                },
            };
        var metrics = new[] { "area" };
        var utf16 = await service.AskAsync(
            "/evaluate",
            new
            {
                text = Text,
                explanation = Scores(0),
                metrics,
            }
        );
        var points = await service.AskAsync(
            "/evaluate",
            new
            {
                text = Text,
                explanation = Scores(1),
                metrics,
                offset_unit = "codepoint",
            }
        );
        Assert.Equal(Value(utf16, "area", "mask"), Value(points, "area", "mask"), 1e-6);
        Assert.Equal("gripping", points.GetProperty("explanation").GetProperty("units")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("/occlusion")]
    [InlineData("/saliency")]
    public async Task Any_answer_says_how_far_its_scores_can_be_trusted(string path)
    {
        var answer = await service.AskAsync(
            path,
            new
            {
                text = Review,
                quality = "basic",
                granularity = "word",
            }
        );
        var evaluated = await service.EvaluateAsync(
            Review,
            JsonSerializer.Serialize(new { endpoint = path }),
            new { metrics = new[] { "area" }, replacements = new[] { "mask" } }
        );
        var quality = answer.GetProperty("quality").GetProperty("area").GetProperty("mask");
        Assert.Equal(Value(evaluated, "area", "mask"), quality.GetProperty("value").GetDouble(), 1e-4);
        Assert.Equal(Figures(evaluated, "area", "mask").GetProperty("z").GetDouble(), quality.GetProperty("z").GetDouble(), 1e-3);
        Assert.False((await service.AskAsync(path, new { text = Review, quality = "none" })).TryGetProperty("quality", out _));
    }

    [Fact]
    public async Task Answers_without_scores_ignore_the_wish_and_say_so()
    {
        Assert.Contains("field_ignored", Codes(await service.AskAsync("/predict", new { text = Review, quality = "basic" })));
        Assert.Contains("field_ignored", Codes(await service.AskAsync("/attention", new { text = Review, quality = "basic" })));
        Assert.Equal(["quality"], await service.RefusedFieldsAsync("/shap", new { text = Review, quality = "best" }, 400));
    }
}
