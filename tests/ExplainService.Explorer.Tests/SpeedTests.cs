using System.Globalization;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>How soon, how heavy.</summary>
[Collection(typeof(InBrowser))]
public sealed class SpeedTests(BrowserFixture browser)
{
    [Fact]
    public async Task The_prediction_follows_the_last_key_within_300_ms()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "so far");
        var fastest = double.MaxValue;
        // The machine has other work: what counts is what the page can do, so the best of a few.
        for (var round = 0; round < 5 && fastest > 300; round++)
        {
            fastest = Math.Min(
                fastest,
                await MeasureAsync(explorer, "a splendid film, number " + round.ToString(CultureInfo.InvariantCulture))
            );
            await explorer.SettledAsync();
        }

        Assert.InRange(fastest, 0, 300);
    }

    [Fact]
    public async Task The_page_weighs_less_than_150_kB()
    {
        await using var explorer = await browser.NewPageAsync();
        var files = new List<IResponse>();
        explorer.Page.Response += (_, response) => files.Add(response);
        await explorer.OpenTabAsync("occlusion");

        var bodies = await Task.WhenAll(files.Where(file => file.Request.ResourceType != "fetch").Select(file => file.BodyAsync()));
        var weight = bodies.Sum(body => body.Length);
        Assert.InRange(weight, 20_000, 150_000);
    }

    [Fact]
    public async Task A_late_answer_never_replaces_a_newer_one()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "fine");
        await explorer.Page.RouteAsync(
            "**/predict",
            async route =>
            {
                if (route.Request.PostData!.Contains("terrible", StringComparison.Ordinal))
                {
                    await Task.Delay(700);
                }

                try
                {
                    await route.ContinueAsync();
                }
                catch (PlaywrightException)
                {
                    // The page gave the request up, as it should.
                }
            }
        );
        await explorer.TypeAsync("a terrible film");
        await explorer.Page.WaitForRequestAsync("**/predict");
        await explorer.TypeAsync("a wonderful film");
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("positive");
        await explorer.Page.WaitForTimeoutAsync(900);
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("positive");
        await Assertions.Expect(explorer.Words).ToHaveTextAsync(["a", "wonderful", "film"]);
    }

    [Fact]
    public async Task What_takes_longer_than_half_a_second_shows_a_progress_bar()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "fine");
        await explorer.Page.RouteAsync(
            "**/shap",
            async route =>
            {
                await Task.Delay(1200);
                await route.ContinueAsync();
            }
        );
        await explorer.Page.Locator("#tab-shapley").ClickAsync();
        await explorer.Page.WaitForTimeoutAsync(250);
        await Assertions.Expect(explorer.Panel.Locator(".progress")).Not.ToHaveClassAsync("progress on");
        await explorer.Panel.Locator(".progress.on").WaitForAsync();
        await explorer.SettledAsync();
        await Assertions.Expect(explorer.Panel.Locator(".progress.on")).ToHaveCountAsync(0);
    }

    /// <summary>From the input event of the last key to the first picture of its prediction, by the page's own clock.</summary>
    private static Task<double> MeasureAsync(ExplorerPage explorer, string text) =>
        explorer.Page.EvaluateAsync<double>(
            """
            text => new Promise(resolve => {
              const area = document.getElementById("text"), place = document.getElementById("prediction");
              const before = place.querySelector(".verdict");
              new MutationObserver((_, observer) => {
                const verdict = place.querySelector(".verdict");
                if (!verdict || verdict === before) return;
                observer.disconnect();
                requestAnimationFrame(() => resolve(performance.now() - started));
              }).observe(place, { childList: true, subtree: true });
              area.value = text;
              const started = performance.now();
              area.dispatchEvent(new InputEvent("input", { bubbles: true }));
            })
            """,
            text
        );
}
