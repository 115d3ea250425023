using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>What went wrong is said in the service's own words, and the page goes on.</summary>
[Collection(typeof(InBrowser))]
public sealed class ProblemTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_refused_field_is_named()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("saliency", more: ("saliency.steps", "-3"));

        var problem = explorer.Panel.Locator(".problem");
        await Assertions.Expect(problem.GetByRole(AriaRole.Heading)).ToHaveTextAsync("The request is malformed");
        await Assertions.Expect(problem.Locator("dt")).ToHaveTextAsync("steps");
        await Assertions.Expect(problem.Locator("dd")).ToContainTextAsync("must be from 1");
        await Assertions.Expect(problem).ToContainTextAsync("HTTP 400");

        await explorer.Panel.Locator("[name=steps]").FillAsync("8");
        await explorer.Panel.Locator(".word[data-score]").First.WaitForAsync();
        await Assertions.Expect(problem).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_text_over_the_limit_says_how_long_it_may_be()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("saliency", string.Join(' ', Enumerable.Repeat("long", 600)));
        await Assertions.Expect(explorer.Page.Locator("#prediction .problem")).ToContainTextAsync("512");
    }

    [Fact]
    public async Task A_full_queue_is_waited_for()
    {
        await using var explorer = await browser.NewPageAsync();
        var refused = 0;
        await explorer.Page.RouteAsync(
            "**/occlusion",
            async route =>
            {
                if (refused++ > 0)
                {
                    await route.ContinueAsync();
                    return;
                }

                await route.FulfillAsync(
                    new()
                    {
                        Status = 429,
                        ContentType = "application/problem+json",
                        Headers = new Dictionary<string, string> { ["retry-after"] = "2" },
                        Body = """{"title":"The queue is full","status":429,"detail":"try again later"}""",
                    }
                );
            }
        );
        await explorer.OpenAsync(("tab", "occlusion"), ("text", ExplorerPage.Example));

        await Assertions.Expect(explorer.Panel.Locator(".problem")).ToContainTextAsync("The queue is full");
        await Assertions.Expect(explorer.Panel.Locator(".problem button")).ToHaveTextAsync(new Regex("Trying again in [12] s"));
        await explorer.Panel.Locator(".word[data-score]").First.WaitForAsync();
        Assert.Equal(2, refused);
    }

    [Fact]
    public async Task A_service_that_is_gone_is_told_apart_from_one_that_refuses()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion");
        await explorer.Page.Context.SetOfflineAsync(true);
        await explorer.TypeAsync("another text");
        await Assertions.Expect(explorer.Page.Locator("#prediction .problem")).ToContainTextAsync("cannot be reached");

        await explorer.Page.Context.SetOfflineAsync(false);
        await explorer.Page.Locator("#prediction .problem button").ClickAsync();
        await explorer.Verdict.WaitForAsync();
    }

    [Fact]
    public async Task Every_word_removed_is_no_request()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenAsync(("text", "bad"), ("tab", "occlusion"), ("removed", "text.0.3"));
        await Assertions.Expect(explorer.Panel).ToContainTextAsync("Every word is removed: put one back.");
        await explorer.Word("bad").ClickAsync();
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("negative");
    }
}
