using ExplainService.Methods.Counterfactuals;

namespace ExplainService.Api.Tests.Counterfactuals;

/// <summary><c>/counterfactual</c> on real sentences: confirmed, minimal, different, within its budget.</summary>
public sealed class CounterfactualTests(Service service) : IClassFixture<Service>
{
    private const string Text = "a gripping film, but far too long";

    /// <summary>The benchmark <c>counterfactual</c> does the same for a hundred, and prints how many are found.</summary>
    [Theory]
    [InlineData("remove", 8)]
    [InlineData("flip", 4)]
    public async Task Of_sentences_every_change_is_confirmed_and_none_of_it_can_be_put_back(string method, int sentences)
    {
        var found = 0;
        foreach (var text in ChangedText.Sentences(sentences))
        {
            var answer = await AskAsync(
                new
                {
                    text,
                    method,
                    count = 2,
                    max_evaluations = 300,
                }
            );
            Assert.InRange(answer.Evaluations!.Value, 1, 300);
            found += Math.Min(1, answer.Counterfactuals.Count);
            await service.CheckAsync(text, answer);
        }

        Assert.True(found >= sentences * 3 / 4, $"{method}: {found} of {sentences}");
    }

    [Fact]
    public async Task What_is_kept_keeps_the_prediction_alone_and_nothing_more_of_it_can_go()
    {
        const string text = "It's not a bad movie at all; the acting is superb, although the plot could have been better.";
        var answer = await AskAsync(new { text, keep = true });
        var kept = Assert.Single(answer.Counterfactuals);
        Assert.Equal(answer.Prediction!.Label, kept.Prediction.Label);
        Assert.Equal(kept.Text, ChangedText.Apply(text, kept.Edits));
        Assert.True(kept.Minimal);
        Assert.DoesNotContain(' ', kept.Text);
    }

    [Fact]
    public async Task What_a_reduction_leaves_has_the_prediction_until_one_more_word_goes()
    {
        const string text = "It's not a bad movie at all; the acting is superb, although the plot could have been better.";
        var answer = await AskAsync(new { text, method = "reduce" });
        var left = Assert.Single(answer.Counterfactuals);
        Assert.Equal(left.Text, ChangedText.Apply(text, left.Edits));
        Assert.Equal(answer.Prediction!.Label, left.Prediction.Label);
        var words = left.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(left.Minimal && words.Length < 4);
        foreach (var word in words.Where(_ => words.Length > 1))
        {
            var said = await service.PredictAsync(new { text = string.Join(' ', words.Where(other => other != word)) });
            Assert.NotEqual(answer.Prediction.Label, said.Label);
        }
    }

    [Fact]
    public async Task Edits_count_as_the_caller_does()
    {
        const string text = "😀 a gripping film, but far too long";
        var (units, points) = (await AskAsync(new { text }), await AskAsync(new { text, offset_unit = "codepoint" }));
        Assert.Equal(units.Counterfactuals[0].Text, points.Counterfactuals[0].Text);
        Assert.Equal(
            units.Counterfactuals[0].Edits.Select(edit => (edit.Start - 1, edit.End - 1, edit.From)),
            points.Counterfactuals[0].Edits.Select(edit => (edit.Start, edit.End, edit.From))
        );
    }

    [Fact]
    public async Task Of_a_seed_the_changes_are_the_same_and_a_caller_s_spans_are_the_units()
    {
        var request = new
        {
            text = Text,
            seed = 3,
            count = 3,
            spans = new[] { new[] { 2, 10 }, new[] { 20, 33 } },
        };
        var (first, second) = (await AskAsync(request), await AskAsync(request));
        Assert.Equal(first.Counterfactuals.Select(one => one.Text), second.Counterfactuals.Select(one => one.Text));
        Assert.Equal("spans", first.Granularity);
        Assert.Equal("a gripping film, but", first.Counterfactuals[0].Text);
    }

    [Fact]
    public async Task Another_next_token_of_a_causal_model_is_found_and_can_be_named()
    {
        var any = await AskAsync(
            new
            {
                model = "gpt-reviews",
                text = "I watched it with my kids and this movie is",
                method = "flip",
            }
        );
        Assert.NotEmpty(any.Counterfactuals);
        await service.CheckAsync("I watched it with my kids and this movie is", any);
        var named = await AskAsync(
            new
            {
                model = "gpt-reviews",
                text = "I watched it with my kids and this movie is",
                method = "flip",
                to = " bad",
            }
        );
        Assert.Equal("Ġbad", Assert.Single(named.Counterfactuals).Prediction.Label);
    }

    [Fact]
    public async Task A_long_text_is_read_in_windows()
    {
        const string dull = "It was shown in the old theatre by the river, and we sat in the third row with our bags.";
        const string harsh = "This is a terrible, dull and awful film.";
        var text = string.Join(" ", [.. Enumerable.Repeat(dull, 28), harsh, .. Enumerable.Repeat(dull, 14), harsh]);
        var answer = await AskAsync(
            new
            {
                text,
                overflow = "window",
                granularity = "sentence",
                max_evaluations = 120,
            }
        );
        Assert.Contains("text_in_windows", answer.WarningCodes);
        Assert.NotEmpty(answer.Counterfactuals);
        foreach (var one in answer.Counterfactuals)
        {
            Assert.Equal(one.Text, ChangedText.Apply(text, one.Edits));
            var said = await service.PredictAsync(new { text = one.Text, overflow = "window" });
            Assert.Equal(said.Label, one.Prediction.Label);
        }
    }

    [Theory]
    [InlineData("""{"text": "good", "to": "positive"}""", 422, "to")]
    [InlineData("""{"text": "good", "to": "neutral"}""", 422, "to")]
    [InlineData("""{"text": "good", "to": "negative", "keep": true}""", 400, "to")]
    [InlineData("""{"text": "good", "to": "negative", "method": "reduce"}""", 400, "to")]
    [InlineData("""{"text": "good", "target": {"label": "negative"}}""", 422, "target.label")]
    [InlineData("""{"text": "good", "target": {"labels": "all"}}""", 422, "target.labels")]
    [InlineData("""{"text": "good", "method": "fill"}""", 422, "fill_model")]
    [InlineData("""{"text": "good", "method": "fill", "fill_model": "gpt-reviews"}""", 422, "fill_model")]
    [InlineData("""{"text": "good", "method": "fill", "fill_model": "none"}""", 422, "fill_model")]
    [InlineData("""{"text": "good", "replacement": "mask"}""", 422, "replacement")]
    [InlineData("""{"text": "good", "count": 21}""", 400, "count")]
    [InlineData("""{"text": "good", "beam": 0}""", 400, "beam")]
    [InlineData("""{"text": "good", "max_edits": 101}""", 400, "max_edits")]
    [InlineData("""{"text": "good", "max_evaluations": 10001}""", 400, "max_evaluations")]
    [InlineData("""{"text": "This is", "model": "gpt-reviews", "max_new_tokens": 3}""", 422, "max_new_tokens")]
    public async Task What_makes_no_sense_is_refused_by_its_field(string request, int status, string field) =>
        Assert.Contains(field, await service.RefusedFieldsAsync("/counterfactual", request, status));

    [Fact]
    public async Task None_found_is_an_empty_list_with_a_warning()
    {
        var answer = await AskAsync(new { text = "good" });
        Assert.Empty(answer.Counterfactuals);
        Assert.Contains("no_counterfactual", answer.WarningCodes);
    }

    private Task<CounterfactualAnswer> AskAsync(object request) => service.AskAsync<CounterfactualAnswer>("/counterfactual", request);
}
