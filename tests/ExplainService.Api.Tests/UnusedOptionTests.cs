using System.Text.Json;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>An option that an answer had no use for is never passed over in silence.</summary>
public sealed class UnusedOptionTests(Service service) : IClassFixture<Service>
{
    [Theory]
    [InlineData("/saliency", """{"text": "a fine film", "method": "gradient", "steps": 7, "baseline": "mask"}""", "steps", "baseline")]
    [InlineData(
        "/saliency",
        """{"text": "a fine film", "steps": 100, "norm": "l1", "samples": 3, "max_steps": 9}""",
        "norm",
        "samples",
        "max_steps"
    )]
    [InlineData("/attention", """{"text": "a fine film", "aggregate": "mean", "spans": [[0, 1]]}""", "spans")]
    [InlineData("/predict", """{"text": "a fine film", "spans": [[0, 1]]}""", "spans")]
    [InlineData("/tokenize", """{"text": "a fine film", "objective": "logit"}""", "objective")]
    [InlineData("/shap", """{"text": "a fine film", "algorithm": "exact", "tolerance": 0.01}""", "tolerance")]
    public async Task A_field_that_a_request_has_no_use_for_is_named_in_the_warnings(string path, string request, params string[] fields)
    {
        var answer = await service.AskAsync<Explanation>(path, request);
        var warnings = answer.Warnings;
        Assert.Equal(Enumerable.Repeat("field_ignored", fields.Length), answer.WarningCodes);
        Assert.Equal(fields.Length, warnings.Count);
        Assert.All(fields, field => Assert.Contains($"\"{field}\" does not apply to this request and was ignored.", warnings));
    }

    [Fact]
    public async Task Options_that_are_used_are_not_warned_of()
    {
        Assert.Empty(
            (
                await service.AskAsync<SaliencyAnswer>(
                    "/saliency",
                    new
                    {
                        text = "a fine film",
                        baseline = "mask",
                        steps = 100,
                        quadrature = "trapezoid",
                        granularity = "word",
                    }
                )
            ).Warnings
        );
        Assert.Empty(
            (
                await service.AskAsync<ShapAnswer>(
                    "/shap",
                    new
                    {
                        text = "a fine film",
                        algorithm = "auto",
                        tolerance = 0.5,
                    }
                )
            ).Warnings
        );
        Assert.Empty(
            (
                await service.AskAsync<SaliencyAnswer>(
                    "/saliency",
                    new
                    {
                        text = "a fine film",
                        method = "smooth_grad",
                        norm = "l1",
                        samples = 2,
                        noise = 0.01,
                    }
                )
            ).Warnings
        );
    }

    [Fact]
    public async Task A_model_without_a_padding_token_says_what_stands_for_it()
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "gpt-reviews",
                text = "this movie",
                steps = 2,
            }
        );
        Assert.Equal("This tokenizer has no padding token; in the baseline it is <|endoftext|>.", answer.WarningOf("no_padding_token"));
        var zeros = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "gpt-reviews",
                text = "this movie",
                baseline = "zero",
                steps = 2,
            }
        );
        Assert.DoesNotContain("no_padding_token", zeros.WarningCodes);
    }

    [Theory]
    [InlineData("a dull", "padding stands for the rest")]
    [InlineData("a rather dull film", "the rest of it was ignored")]
    [InlineData("a dull film", null)]
    public async Task A_baseline_text_that_does_not_line_up_with_the_text_is_said(string baseline, string? warning)
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                text = "a fine film",
                baseline = new { text = baseline },
                steps = 100,
            }
        );
        Assert.Equal(warning is not null, answer.WarningCodes.Contains("baseline_length"));
        Assert.Contains(warning ?? "", string.Concat(answer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Windows_are_not_advised_where_they_are_refused()
    {
        var text = string.Concat(Enumerable.Repeat("this movie was good . ", 100));
        var problem = await service.RefuseAsync("/occlusion", JsonSerializer.Serialize(new { model = "gpt-reviews", text }));
        Assert.Contains("\"window\" is for perturbation methods, of models that do not generate", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attention_of_all_labels_at_once_is_refused()
    {
        var problem = await service.RefuseAsync("/attention", """{"text": "a fine film", "target": {"labels": "all"}}""");
        Assert.Contains("target.labels", problem.Errors!.Keys);
    }
}
