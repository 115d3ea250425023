using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>What takes long: texts over the limit, an estimate, a way to stop.</summary>
[Collection(typeof(InBrowser))]
public sealed class LongTextTests(BrowserFixture browser)
{
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("long", 600));

    [Fact]
    public async Task A_text_over_the_limit_is_read_in_windows_by_one_press()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", Long, ("granularity", "paragraph"));

        await explorer.Page.Locator("#prediction").GetByText("Read it in windows").ClickAsync();
        await explorer.Verdict.WaitForAsync();
        await Assertions.Expect(explorer.Page.Locator("#question [name=overflow]")).ToHaveValueAsync("window");
        await explorer.Panel.Locator(".word[data-score]").First.WaitForAsync();
        await Assertions.Expect(explorer.Panel.Locator(".warnings")).ToContainTextAsync("windows");
        await Assertions.Expect(explorer.Panel.Locator(".problem")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_takes_long_says_how_long_and_can_be_cancelled()
    {
        await using var explorer = await browser.NewPageAsync();
        var (asked, given) = (new TaskCompletionSource(), new TaskCompletionSource());
        await explorer.Page.RouteAsync(
            "**/lime",
            async route =>
            {
                asked.TrySetResult();
                await given.Task;
                await route.ContinueAsync();
            }
        );
        // A prediction of a second makes the estimate of 500 samples one of minutes.
        await explorer.Page.RouteAsync(
            "**/predict",
            async route =>
            {
                var answer = await route.FetchAsync();
                var body = Regex.Replace(await answer.TextAsync(), "\"elapsed_ms\":[0-9.]+", "\"elapsed_ms\":1000");
                await route.FulfillAsync(new() { Response = answer, Body = body });
            }
        );
        await explorer.OpenAsync(("text", ExplorerPage.Example), ("tab", "lime"));
        await asked.Task;
        await Assertions.Expect(explorer.Panel.Locator(".estimate")).ToHaveTextAsync(new Regex("^about 8 min left$"));

        await explorer.Panel.GetByText("Cancel", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(explorer.Panel.GetByRole(AriaRole.Heading, new() { Name = "Cancelled" })).ToBeVisibleAsync();
        await Assertions.Expect(explorer.Panel.Locator(".view")).ToHaveAttributeAsync("aria-busy", "false");

        given.SetResult();
        await explorer.Panel.GetByText("Start again").ClickAsync();
        await explorer.Panel.Locator(".word[data-score]").First.WaitForAsync();
        await Assertions.Expect(explorer.Panel.GetByRole(AriaRole.Heading, new() { Name = "Cancelled" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_finger_reads_a_score_before_it_removes_the_word()
    {
        await using var explorer = await browser.NewPageAsync(width: 390, height: 800, touch: true);
        await explorer.OpenTabAsync("occlusion", "not bad at all");
        var word = explorer.Word("bad");

        await word.TapAsync();
        await Assertions
            .Expect(explorer.Panel.Locator(".readout").First)
            .ToHaveTextAsync(new Regex("^bad \\+0\\.\\d+ · tap again to remove$"));
        await Assertions.Expect(word).ToHaveAttributeAsync("aria-pressed", "false");

        await word.TapAsync();
        await Assertions.Expect(explorer.Page.Locator("#removal-hint")).ToHaveTextAsync("1 part removed.");
    }
}
