using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>How soon, how heavy.</summary>
[Collection(typeof(InBrowser))]
public sealed class SpeedTests(BrowserFixture browser)
{
    [Fact]
    public async Task The_prediction_is_asked_for_within_300_ms_of_the_last_key()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "so far");

        // The page's clock stands still but for what the test lets pass, however busy the machine is.
        await explorer.Page.Clock.InstallAsync();
        await explorer.Page.Clock.PauseAtAsync(new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await explorer.TypeAsync("a terrible film");
        var asked = explorer.Page.WaitForRequestAsync("**/predict");
        await explorer.Page.Clock.RunForAsync(300);
        Assert.Contains("a terrible film", (await asked).PostData, StringComparison.Ordinal);

        // Its answer is shown as it comes: nothing waits for time to pass.
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("negative");
    }

    [Fact]
    public async Task The_page_weighs_less_than_150_kB()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion");

        // As the browser itself counts: answers of the service are no part of the page.
        var weight = await explorer.Page.EvaluateAsync<int>(
            """
            () => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
              .filter(entry => entry.initiatorType !== "fetch")
              .reduce((sum, entry) => sum + entry.decodedBodySize, 0)
            """
        );
        Assert.InRange(weight, 20_000, 150_000);
    }

    [Fact]
    public async Task A_late_answer_never_replaces_a_newer_one()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "fine");
        var (newer, late) = (new TaskCompletionSource(), new TaskCompletionSource());
        await explorer.Page.RouteAsync(
            "**/predict",
            async route =>
            {
                var held = route.Request.PostData!.Contains("terrible", StringComparison.Ordinal);
                if (held)
                {
                    await newer.Task;
                }

                try
                {
                    await route.ContinueAsync();
                }
                catch (PlaywrightException)
                {
                    // The page gave the request up, as it should.
                }

                if (held)
                {
                    late.SetResult();
                }
            }
        );
        await explorer.Page.RunAndWaitForRequestAsync(() => explorer.TypeAsync("a terrible film"), "**/predict");
        await explorer.TypeAsync("a wonderful film");
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("positive");
        newer.SetResult();
        await late.Task;

        // An answer to another request, asked after the late one was let go: what the late one could change has changed by now.
        await explorer.Page.EvaluateAsync("fetch('health/live').then(answer => answer.text())");
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("positive");
        await Assertions.Expect(explorer.Words).ToHaveTextAsync(["a", "wonderful", "film"]);
    }

    [Fact]
    public async Task What_takes_longer_than_half_a_second_shows_a_progress_bar()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "fine");
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await explorer.Page.RouteAsync(
            "**/shap",
            async route =>
            {
                asked.TrySetResult();
                await answer.Task;
                await route.ContinueAsync();
            }
        );
        await explorer.Page.Clock.InstallAsync();
        await explorer.Page.Clock.PauseAtAsync(new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await explorer.Page.Locator("#tab-shapley").ClickAsync();
        await explorer.Page.Clock.RunForAsync(400);
        await asked.Task;
        await Assertions.Expect(explorer.Panel.Locator(".progress")).Not.ToHaveClassAsync("progress on");
        await explorer.Page.Clock.RunForAsync(600);
        await explorer.Panel.Locator(".progress.on").WaitForAsync();
        answer.SetResult();
        await explorer.Page.Clock.ResumeAsync();
        await explorer.SettledAsync();
        await Assertions.Expect(explorer.Panel.Locator(".progress.on")).ToHaveCountAsync(0);
    }
}
