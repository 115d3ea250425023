using System.Text.Json;
using static ExplainService.Api.Tests.JsonNumbers;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Tasks that say something of single tokens: token classification, question answering, masked language models.</summary>
public sealed class TokenTaskTests(ZooService service) : IClassFixture<ZooService>
{
    private const string Sentence = "the acting is worse than that of the first film";

    private const string Masked = "a gripping, [MASK] film!";

    [Fact]
    public async Task Token_classification_explains_the_strongest_entity_token()
    {
        var answer = await service.AskAsync("/occlusion", new { model = "bert-ner", text = Sentence });
        var tokens = answer.GetProperty("prediction").GetProperty("tokens").EnumerateArray().ToArray();
        var target = answer.GetProperty("target").GetProperty("token").GetInt32();
        var special = answer.GetProperty("tokens").EnumerateArray().Select(token => token.GetProperty("special").GetBoolean()).ToArray();
        Assert.Equal(special.Length, tokens.Length);
        var strongest = tokens
            .Where((token, index) => !special[index] && token.GetProperty("label").GetString() != "O")
            .MaxBy(token => token.GetProperty("probability").GetDouble());
        Assert.Equal(strongest.GetProperty("token").GetInt32(), target);
        Assert.Equal(strongest.GetProperty("label").GetString(), answer.GetProperty("target").GetProperty("label").GetString());
        Assert.Equal(strongest.GetProperty("probability").GetDouble(), answer.GetProperty("value").GetDouble(), 1e-5);
    }

    [Theory]
    [InlineData("/occlusion")]
    [InlineData("/saliency")]
    [InlineData("/shap")]
    [InlineData("/lime")]
    public async Task All_entities_are_explained_at_once(string path)
    {
        var answer = await service.AskAsync(
            path,
            new
            {
                model = "bert-ner",
                text = Sentence,
                target = new { labels = "all" },
            }
        );
        var entities = answer.GetProperty("prediction").GetProperty("entities").EnumerateArray().ToArray();
        var labels = answer.GetProperty("labels").EnumerateArray().ToArray();
        Assert.NotEmpty(entities);
        Assert.Equal(
            entities.Select(entity => entity.GetProperty("label").GetString()),
            labels.Select(label => label.GetProperty("label").GetString())
        );
        var units = answer.GetProperty("units").GetArrayLength();
        Assert.All(
            entities.Zip(labels),
            pair =>
            {
                var (start, end) = (pair.First.GetProperty("start").GetInt32(), pair.First.GetProperty("end").GetInt32());
                Assert.Equal(Sentence[start..end], pair.First.GetProperty("text").GetString());
                Assert.Equal(Sentence[start..end], pair.Second.GetProperty("text").GetString());
                Assert.Equal(units, pair.Second.GetProperty("scores").GetArrayLength());
                if (pair.Second.TryGetProperty("value", out var value))
                {
                    Assert.Equal(pair.First.GetProperty("probability").GetDouble(), value.GetDouble(), 1e-5);
                }
            }
        );
    }

    [Fact]
    public async Task A_label_at_a_token_is_what_all_labels_say_of_it()
    {
        var all = await service.AskAsync(
            "/occlusion",
            new
            {
                model = "bert-ner",
                text = Sentence,
                target = new { token = 3, labels = "all" },
            }
        );
        var one = await service.AskAsync(
            "/occlusion",
            new
            {
                model = "bert-ner",
                text = Sentence,
                target = new { token = 3, label = "B-LOC" },
            }
        );
        var listed = all.GetProperty("labels").EnumerateArray().Single(label => label.GetProperty("label").GetString() == "B-LOC");
        Assert.Equal(5, all.GetProperty("labels").GetArrayLength());
        Near(Numbers(listed.GetProperty("scores")), UnitScores(one));
    }

    [Theory]
    [InlineData("/occlusion", """{"replacement": "delete"}""")]
    [InlineData("/lime", """{"replacement": "delete", "samples": 20}""")]
    [InlineData("/permutation", """{"samples": 2}""")]
    public async Task Tokens_that_must_stay_are_told_of_once_for_all_levels(string path, string options)
    {
        var request = JsonSerializer.Deserialize<Dictionary<string, object>>(options)!;
        (request["model"], request["text"]) = ("bert-ner", Sentence + ". It is dull.");
        request["granularity"] = new[] { "sentence", "word" };
        var answer = await service.AskAsync(path, request);
        Assert.Single(answer.WarningCodes(), "target_tokens_kept");
    }

    [Fact]
    public async Task Question_answering_finds_a_span_of_the_context()
    {
        var answer = await service.AskAsync(
            "/saliency",
            new
            {
                model = "bert-qa",
                text = "what is worse?",
                pair = Sentence,
                method = "integrated_gradients",
            }
        );
        var prediction = answer.GetProperty("prediction");
        var span = prediction.GetProperty("span");
        Assert.Equal(
            Sentence[span.GetProperty("start").GetInt32()..span.GetProperty("end").GetInt32()],
            prediction.GetProperty("text").GetString()
        );
        Assert.Equal(
            span.GetProperty("start_token").GetInt32(),
            answer.GetProperty("target").GetProperty("span").GetProperty("start").GetInt32()
        );
        Assert.Equal(
            prediction.GetProperty("probability").GetDouble(),
            answer.GetProperty("path").EnumerateArray().Last().GetProperty("value").GetDouble(),
            1e-5
        );
        var parts = answer
            .GetProperty("units")
            .EnumerateArray()
            .Select(unit => unit.TryGetProperty("in", out var part) ? part.GetString() : "text")
            .ToArray();
        Assert.Contains("pair", parts);
        Assert.Contains("text", parts);
    }

    [Theory]
    [InlineData("/occlusion")]
    [InlineData("/shap")]
    public async Task Start_and_end_of_a_span_can_be_explained_apart(string path)
    {
        async Task<JsonElement> Of(object span) =>
            await service.AskAsync(
                path,
                new
                {
                    model = "bert-qa",
                    text = "what is worse?",
                    pair = Sentence,
                    objective = "logit",
                    target = new { span },
                }
            );

        var (both, start, end) = (await Of(new { start = 6, end = 8 }), await Of(new { start = 6 }), await Of(new { end = 8 }));
        Assert.Equal(
            both.GetProperty("value").GetDouble(),
            start.GetProperty("value").GetDouble() + end.GetProperty("value").GetDouble(),
            1e-4
        );
        if (path == "/occlusion")
        {
            Near(UnitScores(both), [.. UnitScores(start).Zip(UnitScores(end), (a, b) => a + b)]);
        }
    }

    [Fact]
    public async Task A_masked_language_model_explains_its_first_mask()
    {
        var answer = await service.AskAsync(
            "/predict",
            new
            {
                model = "bert-mlm",
                text = Masked + " [MASK]",
                top_k = 3,
            }
        );
        var masks = answer.GetProperty("prediction").GetProperty("tokens").EnumerateArray().ToArray();
        Assert.Equal(2, masks.Length);
        Assert.All(masks, mask => Assert.Equal(3, mask.GetProperty("labels").GetArrayLength()));
        Assert.Equal(masks[0].GetProperty("token").GetInt32(), answer.GetProperty("target").GetProperty("token").GetInt32());
        Assert.Equal(masks[0].GetProperty("index").GetInt32(), answer.GetProperty("target").GetProperty("token_id").GetInt32());

        var likely = masks[0].GetProperty("label").GetString();
        var byName = await service.AskAsync(
            "/occlusion",
            new
            {
                model = "bert-mlm",
                text = Masked + " [MASK]",
                target = new { label = likely },
            }
        );
        Assert.Equal(masks[0].GetProperty("probability").GetDouble(), byName.GetProperty("value").GetDouble(), 1e-5);
    }

    [Theory]
    [InlineData("bert-ner", """{"token": 99}""", "target.token")]
    [InlineData("bert-ner", """{"label": "B-ORG"}""", "target.label")]
    [InlineData("bert-ner", """{"span": {"start": 1}}""", "target.span")]
    [InlineData("bert-mlm", """{"token_id": 99999999, "token": 1}""", "target.token_id")]
    [InlineData("bert-mlm", """{"token_id": 5}""", "target.token")]
    [InlineData("bert-mlm", """{"labels": "all"}""", "target.labels")]
    [InlineData("bert-mlm", """{"token": 1, "label": "no such entry at all"}""", "target.label")]
    [InlineData("bert-cls", """{"token": 1}""", "target.token")]
    [InlineData("gpt2-lm", """{"span": {"start": 1}}""", "target.span")]
    [InlineData("gpt2-lm", """{"token_ids": [1, 99999999]}""", "target.token_ids[1]")]
    [InlineData("t5-s2s", """{"continuation": "x"}""", "target.continuation")]
    public async Task What_does_not_fit_the_task_is_refused_by_field(string model, string target, string field) =>
        Assert.Equal(
            [field],
            await service.RefuseAsync(
                "/occlusion",
                new
                {
                    model,
                    text = Sentence,
                    target = JsonDocument.Parse(target).RootElement,
                }
            )
        );

    [Theory]
    [InlineData("""{"start": 3, "end": 99}""", "target.span.end")]
    [InlineData("""{"start": 5, "end": 4}""", "target.span")]
    public async Task Spans_must_be_there(string span, string field) =>
        Assert.Equal(
            [field],
            await service.RefuseAsync(
                "/occlusion",
                new
                {
                    model = "bert-qa",
                    text = "what?",
                    pair = Sentence,
                    target = new { span = JsonDocument.Parse(span).RootElement },
                }
            )
        );

    [Fact]
    public async Task A_question_needs_its_context_and_a_masked_model_its_mask()
    {
        Assert.Equal(["pair"], await service.RefuseAsync("/predict", new { model = "bert-qa", text = "what is dull?" }));
        Assert.Equal(["target.token"], await service.RefuseAsync("/predict", new { model = "bert-mlm", text = Sentence }));
        Assert.Equal(
            ["max_new_tokens"],
            await service.RefuseAsync(
                "/predict",
                new
                {
                    model = "bert-cls",
                    text = Sentence,
                    max_new_tokens = 3,
                }
            )
        );
    }

    private static double[] UnitScores(JsonElement answer) =>
        [.. answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble())];

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }
}
