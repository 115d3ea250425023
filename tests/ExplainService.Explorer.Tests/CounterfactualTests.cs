using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>The smallest change of a text, and a press that makes it.</summary>
[Collection(typeof(InBrowser))]
public sealed class CounterfactualTests(BrowserFixture browser)
{
    private const string Text = "a gripping film, but far too long";

    [Fact]
    public async Task What_is_removed_by_a_press_changes_the_prediction_and_can_be_put_back()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("counterfactual", Text);
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("negative");
        var answer = await browser.AskAsync("/counterfactual", new { text = Text });
        var removed = answer.GetProperty("counterfactuals")[0].GetProperty("edits").EnumerateArray();
        await Assertions
            .Expect(explorer.Panel.Locator(".change del"))
            .ToHaveTextAsync(removed.Select(edit => edit.GetProperty("from").GetString()!.Trim()));

        await explorer.Panel.GetByRole(AriaRole.Button, new() { Name = "Remove it from the text" }).ClickAsync();
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("positive");
        await explorer.Page.Locator("#undo").ClickAsync();
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("negative");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task Other_words_are_typed_into_the_text()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("counterfactual", Text, ("counterfactual.method", "flip"));
        await explorer.Panel.Locator(".change ins").First.WaitForAsync();
        var wanted = await explorer.Panel.Locator(".change .decision").GetAttributeAsync("data-label");

        await explorer.Panel.GetByRole(AriaRole.Button, new() { Name = "Put it into the text" }).ClickAsync();
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync(wanted!);
        await Assertions.Expect(explorer.Page.Locator("#text")).Not.ToHaveValueAsync(Text);
        await Assertions.Expect(explorer.Page.Locator("#undo")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task The_label_that_is_wanted_is_the_label_that_comes()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("counterfactual", Text, ("counterfactual.to", "positive"));
        await Assertions.Expect(explorer.Panel.Locator(".change .decision")).ToHaveAttributeAsync("data-label", "positive");
    }
}
