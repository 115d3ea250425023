using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// Tasks about single tokens on texts over the model's limit (96 tokens): each target is read in the window that shows it best.
/// </summary>
public sealed class LongTextTaskTests(ZooService service) : IClassFixture<ZooService>
{
    private static readonly string Long = string.Join(
        ' ',
        Enumerable.Range(0, 30).Select(index => index % 2 == 0 ? "the acting is worse" : "a gripping, funny film!")
    );

    [Fact]
    public async Task Every_token_of_a_long_text_has_a_label()
    {
        var answer = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model = "bert-ner",
                text = Long,
                overflow = "window",
            }
        );
        var content = answer.Tokens.Where(token => !token.Special).Select(token => token.Index).ToArray();
        Assert.True(content.Length > 96);
        Assert.Equal(content, answer.Prediction!.Tokens!.Select(token => token.Token));
    }

    [Fact]
    public async Task A_label_late_in_the_text_owes_nothing_to_what_its_window_does_not_show()
    {
        const int Late = 150;
        var predicted = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model = "bert-ner",
                text = Long,
                overflow = "window",
            }
        );
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "bert-ner",
                text = Long,
                overflow = "window",
                granularity = "token",
                target = new { token = Late },
            }
        );
        var prediction = predicted.Prediction!.Tokens!.Single(token => token.Token == Late);
        Assert.Equal(prediction.Label, answer.Target!.Label);
        Assert.Equal(prediction.Probability, answer.Value, 1e-5);
        var scores = answer.Units.ToDictionary(unit => unit.Tokens[0], unit => unit.Score!.Value);
        Assert.Equal(0, scores[1]);
        Assert.NotEqual(0, scores[Late]);
    }

    [Fact]
    public async Task An_answer_late_in_the_context_is_found_and_explained()
    {
        var request = new
        {
            model = "bert-qa",
            text = "what is worse?",
            pair = Long,
            overflow = "window",
            objective = "logit",
        };
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", request);
        var prediction = answer.Prediction!;
        var span = prediction.Span!;
        Assert.Equal(Long[span.Start..span.End], prediction.Text);
        Assert.Equal(prediction.Spans![0].Logit, answer.Value, 1e-4);

        var late = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                request.model,
                request.text,
                request.pair,
                request.overflow,
                request.objective,
                target = new { span = new { start = 150, end = 152 } },
            }
        );
        Assert.Equal(150, late.Target!.Span!.Start);
        Assert.Equal(
            ["target.span"],
            await service.RefusedFieldsAsync(
                "/occlusion",
                new
                {
                    request.model,
                    request.text,
                    request.pair,
                    request.overflow,
                    target = new { span = new { start = 10, end = 200 } },
                }
            )
        );
    }

    [Fact]
    public async Task A_stride_without_a_window_is_not_taken_for_one_that_was_heeded()
    {
        // So many words go in groups, each starting where the last one ends.
        var text = string.Join(' ', Enumerable.Repeat(Long, 4));
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "bert-ner",
                text,
                overflow = "window",
                stride = 1,
            }
        );
        Assert.StartsWith("\"stride\" does not apply", answer.WarningOf("field_ignored"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mask_late_in_a_long_text_is_filled_and_explained()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "bert-mlm",
                text = Long + " the [MASK] is dull",
                overflow = "window",
            }
        );
        var mask = answer.Target!.Token!.Value;
        Assert.Equal("[MASK]", answer.Tokens[mask].Token);
        Assert.Equal(answer.Prediction!.Probability!.Value, answer.Value, 1e-5);
    }

    [Theory]
    [InlineData("bert-ner", "delete")]
    [InlineData("bert-mlm", "delete")]
    [InlineData("bert-qa", "delete")]
    public async Task Deleting_units_keeps_the_positions_that_are_read(string model, string replacement)
    {
        var text = model == "bert-mlm" ? "a gripping [MASK] film" : "the acting is worse than the plot";
        var request = new Dictionary<string, object>
        {
            ["model"] = model,
            ["text"] = text,
            ["replacement"] = replacement,
        };
        if (model == "bert-qa")
        {
            request["pair"] = "the acting is worse than the plot";
        }

        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", request);
        Assert.All(answer.Units, unit => Assert.NotNull(unit.Score));
    }

    [Fact]
    public async Task A_prompt_of_which_nothing_is_left_still_stands_before_its_continuation()
    {
        var whole = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "gpt2-lm",
                text = "a",
                replacement = "delete",
                objective = "logit",
                target = new { token_ids = new[] { 5, 9 } },
            }
        );
        var masked = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "gpt2-lm",
                text = "a",
                replacement = "mask",
                objective = "logit",
                target = new { token_ids = new[] { 5, 9 } },
            }
        );

        // Nothing of the text is left either way; what stands in its place is the one token that this vocabulary has for that.
        Assert.Equal(masked.Units[0].Score!.Value, whole.Units[0].Score!.Value, 1e-4);
    }
}
