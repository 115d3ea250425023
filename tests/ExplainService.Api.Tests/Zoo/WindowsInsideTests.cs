using ExplainService.Methods.Attention;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Methods that look inside the model, on texts that it reads in windows.</summary>
public sealed class WindowsInsideTests(ZooService service) : IClassFixture<ZooService>
{
    private static readonly string Text = LongTextTests.Review(130);

    [Theory]
    [InlineData("mean", "probability")]
    [InlineData("mean", "logit")]
    [InlineData("max", "logit")]
    public async Task Integrated_gradients_add_up_to_the_change_of_all_windows_together(string reduction, string objective)
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "bert-cls",
                text = Text,
                overflow = "window",
                window_reduction = reduction,
                objective,
                baseline = "pad",
                steps = 200,
            }
        );
        var whole = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                model = "bert-cls",
                text = Text,
                overflow = "window",
                window_reduction = reduction,
                objective,
                replacement = "pad",
                spans = new[] { new[] { 0, Text.Length } },
                max_evaluations = 2,
                target = new { label = answer.Target!.Index },
            }
        );
        Assert.InRange(answer.CompletenessError!.Value, 0, 0.02);
        Assert.Equal(whole.Value - whole.BaseValue, answer.Units.Sum(unit => unit.Score!.Value), 0.02);
        Assert.Equal(Text.Length, answer.Units[^1].End);
        Assert.Equal(203, answer.Evaluations);
        Assert.Contains("text_in_windows", answer.WarningCodes);
    }

    [Theory]
    [InlineData("gradient")]
    [InlineData("smooth_grad")]
    [InlineData("gradient_shap")]
    [InlineData("input_x_gradient")]
    public async Task Every_method_scores_every_token_for_every_class(string method)
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "bert-cls",
                text = Text,
                overflow = "window",
                method,
                target = new { labels = "all" },
            }
        );
        Assert.Equal(3, answer.Labels!.Count);
        Assert.All(answer.Units, unit => Assert.NotEqual(0, unit.Score!.Value));
    }

    [Theory]
    [InlineData("bert-ner", null)]
    [InlineData("bert-qa", "what is dull?")]
    public async Task What_is_said_of_tokens_is_explained_by_the_window_around_them(string model, string? question)
    {
        object request = question is null
            ? new
            {
                model,
                text = Text,
                overflow = "window",
                steps = 200,
            }
            : new
            {
                model,
                text = question,
                pair = Text,
                overflow = "window",
                steps = 200,
            };
        var answer = await service.AskAsync<SaliencyAnswer>("/saliency", request);
        Assert.InRange(answer.CompletenessError!.Value, 0, 0.02);
        Assert.Contains(answer.Tokens, token => !token.Special && token.Score == 0);
        Assert.Contains(answer.Tokens, token => !token.Special && token.Score != 0);
    }

    [Theory]
    [InlineData("rollout")]
    [InlineData("gradient_relevance")]
    public async Task Attention_scores_are_means_over_the_windows_that_hold_a_token(string aggregate)
    {
        var answer = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model = "bert-cls",
                text = Text,
                overflow = "window",
                aggregate,
            }
        );
        Assert.Null(answer.Matrix);
        Assert.Equal(answer.Tokens.Count, answer.Scores!.Length);
        Assert.All(answer.Scores, score => Assert.True(score > 0));

        // The first tokens are in the first window alone, and special ones in all.
        var first = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model = "bert-cls",
                text = Text,
                overflow = "truncate",
                aggregate,
                target = aggregate == "rollout" ? null : new { label = answer.Target!.Index },
            }
        );
        Assert.Equal(first.Scores![1], answer.Scores[1], 1e-5);
        var words = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model = "bert-cls",
                text = Text,
                overflow = "window",
                aggregate,
                granularity = "word",
            }
        );
        Assert.Equal(answer.Scores.Sum(), words.Scores!.Sum(), 1e-4);
    }

    [Fact]
    public async Task Maps_over_windows_are_refused_with_the_reason()
    {
        var problem = await service.RefuseAsync(
            "/attention",
            new
            {
                model = "bert-cls",
                text = Text,
                overflow = "window",
            }
        );
        Assert.Contains("rollout", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(["overflow"], problem.Errors!.Keys);
    }
}
