using System.Text.Json;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>
/// <c>deadline_ms</c>: the best answer so far where a method has one, and what of it is missing; a problem that says why where it has none.
/// </summary>
public sealed class DeadlineTests(RowTimedService service) : IClassFixture<RowTimedService>
{
    private const int Milliseconds = 5000;

    // Of a text of two windows: the rows of what was begun when the time was up.
    private const int RowsBegun = 4;

    [Theory]
    [InlineData("/shap", """{"algorithm": "kernel", "max_evaluations": 20000}""")]
    [InlineData("/shap", """{"algorithm": "permutation", "max_evaluations": 20000}""")]
    [InlineData("/shap", """{"algorithm": "partition", "max_evaluations": 20000}""")]
    [InlineData("/shap", """{"algorithm": "auto", "max_evaluations": 20000, "granularity": ["sentence", "word"]}""")]
    [InlineData("/lime", """{"samples": 20000}""")]
    [InlineData("/lime", """{"samples": 20000, "granularity": ["sentence", "token"]}""")]
    [InlineData("/permutation", """{"samples": 200}""")]
    [InlineData("/permutation", """{"samples": 200, "granularity": ["sentence", "word"]}""")]
    [InlineData("/occlusion", """{"window": 2, "stride": 1}""")]
    [InlineData("/occlusion", """{"replacement": "delete", "window": 1, "target": {"labels": "all"}}""")]
    public async Task The_best_answer_so_far_comes_in_time_and_says_what_it_is(string path, string options)
    {
        var request = await RequestAsync(700, options);
        (request["overflow"], request["deadline_ms"]) = ("window", Milliseconds);
        var answer = await service.AskAsync<UnitExplanation>(path, request);
        Assert.InRange(answer.ElapsedMs, Milliseconds, Milliseconds + (RowsBegun * RowTimedService.RowMilliseconds));
        var warning = answer.WarningOf("deadline_passed");
        Assert.StartsWith("The deadline of 5000 ms passed after ", warning, StringComparison.Ordinal);
        Assert.Contains("the best answer so far", warning, StringComparison.Ordinal);
        var units = answer.Units.ToArray();
        Assert.NotEmpty(units);
        if (answer.Labels is { } labels)
        {
            Assert.All(labels, label => Assert.Equal(units.Length, label.Scores.Length));
        }

        // Time was what lacked.
        Assert.DoesNotContain(
            answer.Warnings,
            warning =>
                warning.Contains("raise samples", StringComparison.OrdinalIgnoreCase)
                || warning.Contains("raise max_evaluations", StringComparison.OrdinalIgnoreCase)
        );
        if (answer is ShapAnswer shap)
        {
            Assert.Equal(shap.Value, shap.BaseValue + units.Scores().Sum(), 1e-5);
        }
    }

    [Fact]
    public async Task Units_that_were_not_reached_are_not_listed_and_those_that_were_have_their_own_scores()
    {
        var request = await RequestAsync(700, """{"window": 1, "deadline_ms": 5000, "overflow": "window"}""");
        var early = await service.AskAsync<OcclusionAnswer>("/occlusion", request);
        var units = early.Units.ToArray();
        Assert.EndsWith("units were not reached and are not listed.", early.WarningOf("deadline_passed"), StringComparison.Ordinal);
        Assert.Equal(units.Length, early.Windows.Count);

        // The same removal by itself, without a deadline.
        var last = units[^1];
        var alone = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                text = request["text"],
                overflow = "window",
                spans = new[] { new[] { last.Start, last.End } },
            }
        );
        Assert.Equal(alone.Units[0].Score!.Value, last.Score!.Value, 1e-5);
    }

    [Theory]
    [InlineData("/occlusion")]
    [InlineData("/lime")]
    public async Task A_text_too_long_to_be_scored_in_time_takes_no_more_rows_than_the_deadline_allows(string path)
    {
        const int Deadline = 2000;
        var request = new
        {
            text = LongTextTests.Review(20_000),
            overflow = "window",
            granularity = new[] { "word", "token" },
            deadline_ms = Deadline,
        };
        var before = service.Rows;
        var (status, _) = await service.PostAsync(path, request);
        Assert.InRange(service.Rows - before, 0, (Deadline / RowTimedService.RowMilliseconds) + RowsBegun);
        Assert.True(status is 200 or 504);
    }

    [Theory]
    [InlineData("smooth_grad")]
    [InlineData("gradient_shap")]
    public async Task A_mean_of_samples_is_answered_with_the_samples_so_far(string method)
    {
        var request = await RequestAsync(60, """{"samples": 10000, "deadline_ms": 5000}""");
        request["method"] = method;
        var answer = await service.AskAsync<SaliencyAnswer>("/saliency", request);
        Assert.Contains("of 10000 samples", answer.WarningOf("deadline_passed"), StringComparison.Ordinal);
        Assert.Contains(answer.Units, unit => unit.Score!.Value != 0);
    }

    [Fact]
    public async Task Adaptive_integration_answers_with_its_last_whole_rule()
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            await RequestAsync(30, """{"tolerance": 0, "max_steps": 2000, "deadline_ms": 5000}""")
        );
        Assert.InRange(answer.Steps!.Value, 8, 1999);
        Assert.StartsWith("The deadline of 5000 ms passed after", answer.WarningOf("deadline_passed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "/shap",
        """{"text": "the story is not bad at all and the end is dull", "algorithm": "exact", "max_evaluations": 1000000, "deadline_ms": 1}""",
        "before every coalition is scored"
    )]
    [InlineData("/saliency", """{"text": "a dull film", "steps": 2000, "deadline_ms": 1}""", "fixed steps")]
    [InlineData("/occlusion", """{"text": "a dull film that nobody will remember", "deadline_ms": 1}""", "too little had been scored")]
    public async Task A_method_without_an_answer_so_far_says_why(string path, string request, string why)
    {
        // Other words each time, so that nothing is remembered.
        var problem = await service.RefuseAsync(
            path,
            request.Replace("dull", "dull " + Guid.NewGuid().ToString("N"), StringComparison.Ordinal),
            504
        );
        Assert.Contains(why, problem.Detail, StringComparison.Ordinal);
    }

    /// <summary>A request about a text whose prediction is known already, to a service that has its gradient form.</summary>
    private async Task<Dictionary<string, object>> RequestAsync(int words, string options)
    {
        var request = JsonSerializer.Deserialize<Dictionary<string, object>>(options)!;
        request["text"] = LongTextTests.Review(words);
        await service.AskAsync<PredictAnswer>("/predict", new { text = request["text"], overflow = "window" });
        await service.AskAsync<SaliencyAnswer>("/saliency", new { text = "dull", steps = 1 });
        return request;
    }
}
