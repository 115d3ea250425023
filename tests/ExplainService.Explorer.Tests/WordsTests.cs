using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>The coloured text: its numbers are the API's, and its words can be removed and put back.</summary>
[Collection(typeof(InBrowser))]
public sealed class WordsTests(BrowserFixture browser)
{
    private const string Text = "not bad at all";

    [Fact]
    public async Task Typed_text_is_coloured_with_the_scores_of_the_API()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenAsync();
        await explorer.SettledAsync();

        await explorer.TypeAsync(Text);
        await Assertions.Expect(explorer.Words).ToHaveTextAsync(["not", "bad", "at", "all"]);
        await explorer.Panel.Locator(".word.neg").First.WaitForAsync();

        var answer = await browser.AskAsync("/saliency", new { text = Text, method = "integrated_gradients" });
        var expected = answer
            .GetProperty("units")
            .EnumerateArray()
            .Select(unit => (unit.GetProperty("text").GetString()!, unit.GetProperty("score").GetDouble()));
        await explorer.AssertScoresAsync(expected);
        await Assertions.Expect(explorer.Word("bad")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("neg"));
        await Assertions
            .Expect(explorer.Word("bad"))
            .ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^bad, \u22120\\.\\d{3}$"));
        Assert.Empty(explorer.Errors);
    }

    [Theory]
    [InlineData("occlusion", "/occlusion")]
    [InlineData("shapley", "/shap")]
    public async Task Other_tabs_show_the_scores_of_their_endpoints(string tab, string path)
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync(tab, Text);

        var answer = await browser.AskAsync(path, new { text = Text });
        await explorer.AssertScoresAsync(
            answer
                .GetProperty("units")
                .EnumerateArray()
                .Select(unit => (unit.GetProperty("text").GetString()!, unit.GetProperty("score").GetDouble()))
        );
    }

    [Fact]
    public async Task A_tab_is_busy_while_its_module_is_on_its_way()
    {
        await using var explorer = await browser.NewPageAsync();
        var arrives = new TaskCompletionSource();
        await explorer.Page.RouteAsync(
            "**/tabs/shapley.js*",
            async route =>
            {
                await arrives.Task;
                await route.ContinueAsync();
            }
        );
        await explorer.OpenAsync(("text", Text), ("tab", "shapley"));
        await explorer.Verdict.WaitForAsync();
        await Assertions.Expect(explorer.Panel.Locator(".view")).ToHaveAttributeAsync("aria-busy", "true");

        arrives.SetResult();
        await explorer.SettledAsync();
        await Assertions.Expect(explorer.Words).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task A_removed_word_changes_prediction_and_explanation_and_comes_back()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", Text);
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("positive");

        await explorer.Word("not").ClickAsync();
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("negative");
        await Assertions.Expect(explorer.Page.Locator("#prediction .delta")).ToContainTextAsync("was positive (98.3 %)");
        await Assertions.Expect(explorer.Word("not")).ToHaveAttributeAsync("aria-pressed", "true");
        // The explanation is of the new prediction.
        await Assertions.Expect(explorer.Panel.Locator(".legend")).ToContainTextAsync("negative");

        var answer = await browser.AskAsync("/occlusion", new { text = "bad at all" });
        var expected = answer
            .GetProperty("units")
            .EnumerateArray()
            .Select(unit => (unit.GetProperty("text").GetString()!, unit.GetProperty("score").GetDouble()));
        await Assertions.Expect(explorer.Panel.Locator(".word:not(.gone)[data-score]")).ToHaveCountAsync(3);
        await explorer.AssertScoresAsync(expected);

        await explorer.Word("not").ClickAsync();
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("positive");
        await Assertions.Expect(explorer.Word("not")).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task Undo_takes_the_last_removal_back_and_restore_all_of_them()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion");

        await explorer.Word("terrible").ClickAsync();
        await explorer.Word("but").ClickAsync();
        await Assertions.Expect(explorer.Page.Locator("#removal-hint")).ToHaveTextAsync("2 parts removed.");
        await explorer.Page.Locator("#undo").ClickAsync();
        await Assertions.Expect(explorer.Panel.Locator(".word.gone")).ToHaveTextAsync(["terrible"]);
        await explorer.Page.Locator("#restore").ClickAsync();
        await Assertions.Expect(explorer.Panel.Locator(".word.gone")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Target_objective_and_granularity_reach_the_request()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("saliency", Text, ("saliency.method", "input_x_gradient"));

        await explorer.Page.Locator("#question [name=label]").SelectOptionAsync("negative");
        await explorer.Page.Locator("#question [name=objective]").SelectOptionAsync("logit");
        await explorer.Page.Locator("#question [name=granularity]").SelectOptionAsync("word");
        var answer = await browser.AskAsync(
            "/saliency",
            new
            {
                text = Text,
                method = "input_x_gradient",
                target = new { label = 0 },
                objective = "logit",
                granularity = "word",
            }
        );

        await Assertions.Expect(explorer.Panel.Locator(".legend")).ToContainTextAsync("speaks for “negative”");
        var first = answer.GetProperty("units")[0].GetProperty("score").GetDouble();
        var spoken = FormattableString.Invariant($"not, {(first < 0 ? '\u2212' : '+')}{Math.Abs(first):F3}");
        await Assertions.Expect(explorer.Words.First).ToHaveAttributeAsync("aria-label", spoken);
        await explorer.AssertScoresAsync(
            answer
                .GetProperty("units")
                .EnumerateArray()
                .Select(unit => (unit.GetProperty("text").GetString()!, unit.GetProperty("score").GetDouble()))
        );
    }
}
