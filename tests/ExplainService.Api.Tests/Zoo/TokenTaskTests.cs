using System.Text.Json;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Tasks that say something of single tokens: token classification, question answering, masked language models.</summary>
public sealed class TokenTaskTests(ZooService service) : IClassFixture<ZooService>
{
    private const string Sentence = "the acting is worse than that of the first film";

    private const string Masked = "a gripping, [MASK] film!";

    [Fact]
    public async Task Token_classification_explains_the_strongest_entity_token()
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { model = "bert-ner", text = Sentence });
        var tokens = answer.Prediction!.Tokens!.ToArray();
        var target = answer.Target!.Token;
        var special = answer.Tokens.Select(token => token.Special).ToArray();
        Assert.Equal(special.Length, tokens.Length);
        var strongest = tokens.Where((token, index) => !special[index] && token.Label != "O").MaxBy(token => token.Probability)!;
        Assert.Equal(strongest.Token, target);
        Assert.Equal(strongest.Label, answer.Target!.Label!);
        Assert.Equal(strongest.Probability, answer.Value, 1e-5);
    }

    [Theory]
    [MemberData(nameof(CataloguePaths.ScoringUnits), MemberType = typeof(CataloguePaths))]
    public async Task All_entities_are_explained_at_once(string path)
    {
        var answer = await service.AskAsync<UnitExplanation>(
            path,
            new
            {
                model = "bert-ner",
                text = Sentence,
                target = new { labels = "all" },
            }
        );
        var entities = answer.Prediction!.Entities!.ToArray();
        var labels = answer.Labels!.ToArray();
        Assert.NotEmpty(entities);
        Assert.Equal(entities.Select(entity => entity.Label), labels.Select(label => label.Label));
        var units = answer.Units.Count;
        Assert.All(
            entities.Zip(labels),
            pair =>
            {
                var (start, end) = (pair.First.Start, pair.First.End);
                Assert.Equal(Sentence[start..end], pair.First.Text);
                Assert.Equal(Sentence[start..end], pair.Second.Text);
                Assert.Equal(units, pair.Second.Scores.Length);
                if (pair.Second.Value is { } value)
                {
                    Assert.Equal(pair.First.Probability, value, 1e-5);
                }
            }
        );
    }

    [Fact]
    public async Task A_label_at_a_token_is_what_all_labels_say_of_it()
    {
        var all = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "bert-ner",
                text = Sentence,
                target = new { token = 3, labels = "all" },
            }
        );
        var one = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "bert-ner",
                text = Sentence,
                target = new { token = 3, label = "B-LOC" },
            }
        );
        var listed = all.Labels!.Single(label => label.Label == "B-LOC");
        Assert.Equal(5, all.Labels!.Count);
        Near(listed.Scores, one.Units.Scores());
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
        var answer = await service.AskAsync<UnitExplanation>(path, request);
        Assert.Single(answer.WarningCodes, "target_tokens_kept");
    }

    [Fact]
    public async Task Question_answering_finds_a_span_of_the_context()
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "bert-qa",
                text = "what is worse?",
                pair = Sentence,
                method = "integrated_gradients",
            }
        );
        var prediction = answer.Prediction!;
        var span = prediction.Span!;
        Assert.Equal(Sentence[span.Start..span.End], prediction.Text);
        Assert.Equal(span.StartToken, answer.Target!.Span!.Start);
        Assert.Equal(prediction.Probability!.Value, answer.Path![^1].Value, 1e-5);
        var parts = answer.Units.Select(unit => unit.In ?? "text").ToArray();
        Assert.Contains("pair", parts);
        Assert.Contains("text", parts);
    }

    [Theory]
    [InlineData("/occlusion")]
    [InlineData("/shap")]
    public async Task Start_and_end_of_a_span_can_be_explained_apart(string path)
    {
        async Task<UnitExplanation> Of(object span) =>
            await service.AskAsync<UnitExplanation>(
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
        Assert.Equal(both.WholeValue(), start.WholeValue() + end.WholeValue(), 1e-4);
        if (path == "/occlusion")
        {
            Near(both.Units.Scores(), [.. start.Units.Scores().Zip(end.Units.Scores(), (a, b) => a + b)]);
        }
    }

    [Fact]
    public async Task A_masked_language_model_explains_its_first_mask()
    {
        var answer = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model = "bert-mlm",
                text = Masked + " [MASK]",
                top_k = 3,
            }
        );
        var masks = answer.Prediction!.Tokens!.ToArray();
        Assert.Equal(2, masks.Length);
        Assert.All(masks, mask => Assert.Equal(3, mask.Labels!.Count));
        Assert.Equal(masks[0].Token, answer.Target!.Token);
        Assert.Equal(masks[0].Index, answer.Target!.TokenId);

        var likely = masks[0].Label;
        var byName = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "bert-mlm",
                text = Masked + " [MASK]",
                target = new { label = likely },
            }
        );
        Assert.Equal(masks[0].Probability, byName.Value, 1e-5);
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
            await service.RefusedFieldsAsync(
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
    public async Task A_target_span_that_is_not_in_the_text_is_refused_by_field(string span, string field) =>
        Assert.Equal(
            [field],
            await service.RefusedFieldsAsync(
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
        Assert.Equal(["pair"], await service.RefusedFieldsAsync("/predict", new { model = "bert-qa", text = "what is dull?" }));
        Assert.Equal(["target.token"], await service.RefusedFieldsAsync("/predict", new { model = "bert-mlm", text = Sentence }));
        Assert.Equal(
            ["max_new_tokens"],
            await service.RefusedFieldsAsync(
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

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }
}
