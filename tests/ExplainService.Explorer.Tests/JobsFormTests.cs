using System.Text.Json;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Jobs that are begun on their page: once though an answer is lost, watched though the service is busy, over earlier jobs.</summary>
[Collection(typeof(InBrowser))]
public sealed class JobsFormTests(BrowserFixture browser)
{
    private const string Sliced = """
        text,label,product
        a gripping and funny film,positive,film
        a dull and lifeless film,negative,film
        not bad at all,positive,book
        """;

    [Fact]
    public async Task A_job_whose_answer_is_lost_is_begun_once()
    {
        await using var explorer = await browser.OpenJobsAsync();
        var page = explorer.Page;
        await JobsPage.UnfoldAsync(page);
        await page.Locator("[name=kind]").SelectOptionAsync("predict");
        await page.Locator("[name=source]").SelectOptionAsync("texts");
        await page.Locator("[name=texts]").FillAsync("not bad at all");
        await page.Locator("[name=name]").FillAsync("answer lost");
        var isLost = true;
        await page.RouteAsync(
            "**/jobs",
            async route =>
            {
                if (route.Request.Method != "POST" || !isLost)
                {
                    await route.ContinueAsync();
                    return;
                }

                isLost = false;
                await route.FetchAsync();
                await route.AbortAsync();
            }
        );
        var start = page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true });
        await start.ClickAsync();
        await Assertions.Expect(page.Locator("#form .problem h3")).ToHaveTextAsync("The service cannot be reached");
        await start.ClickAsync();
        await Assertions.Expect(page.Locator("#opened .state")).ToHaveTextAsync("succeeded");
        Assert.Equal(1, await CountAsync("answer lost"));

        // Pressed once more it is another.
        await start.ClickAsync();
        await Assertions.Expect(page.Locator("#jobs li", new() { HasTextString = "answer lost" })).ToHaveCountAsync(2);
        Assert.Equal(2, await CountAsync("answer lost"));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_job_is_watched_to_its_end_though_the_service_is_busy(int status)
    {
        await using var explorer = await browser.OpenJobsAsync();
        var page = explorer.Page;
        await JobsPage.UnfoldAsync(page);
        await page.Locator("[name=kind]").SelectOptionAsync("predict");
        await page.Locator("[name=source]").SelectOptionAsync("texts");
        await page.Locator("[name=texts]").FillAsync("not bad at all\na dull film");
        var refused = 0;
        await page.RouteAsync(
            "**/jobs/*/events",
            route => ++refused == 1 ? route.FulfillAsync(new() { Status = status }) : route.ContinueAsync()
        );
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Locator("#opened .state")).ToHaveTextAsync("succeeded");
        await Assertions.Expect(page.Locator("#opened .facts").First).ToContainTextAsync("2 of 2 rows");
    }

    [Fact]
    public async Task Two_earlier_jobs_are_compared_without_a_model()
    {
        var explain = new { kind = "global", request = new { endpoint = "/occlusion" } };
        var before = await browser.PostJobAsync("before", explain, Sliced);
        var after = await browser.PostJobAsync("after", explain, Sliced.Replace("gripping", "boring", StringComparison.Ordinal));
        await using var explorer = await browser.OpenJobsAsync();
        var page = explorer.Page;
        await JobsPage.UnfoldAsync(page);
        await page.Locator("[name=kind]").SelectOptionAsync("drift");
        await page.Locator("[name=source]").SelectOptionAsync("job");
        await page.Locator("[name=job]").FillAsync(after);
        await page.Locator("[name=against_job]").FillAsync(before);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Locator("#opened .state")).ToHaveTextAsync("succeeded");
        await Assertions.Expect(page.Locator("#opened .facts").First).ToContainTextAsync("3 of 3 rows");
    }

    [Fact]
    public async Task Groups_are_told_apart_by_a_column()
    {
        await using var explorer = await browser.OpenJobsAsync();
        var page = explorer.Page;
        await JobsPage.UnfoldAsync(page);
        await page.Locator("[name=kind]").SelectOptionAsync("predict");
        await page.Locator("[name=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "reviews.csv",
                    MimeType = "text/csv",
                    Buffer = System.Text.Encoding.UTF8.GetBytes(Sliced),
                }
            );
        await page.Locator("summary", new() { HasTextString = "Columns" }).ClickAsync();
        await page.Locator("[name=slice]").FillAsync("product");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Locator("#opened .state")).ToHaveTextAsync("succeeded");
        var groups = page.Locator("#opened").GetByRole(AriaRole.Region, new() { Name = "Groups of rows, by their column" });
        await Assertions.Expect(groups.Locator("tbody th")).ToHaveTextAsync(["book", "film"]);
        await Assertions.Expect(groups.Locator("tbody tr").Nth(1).Locator("td").First).ToHaveTextAsync("2");
        await explorer.ScreenshotAsync("jobs-groups");
        Assert.Empty(explorer.Errors);
    }

    private async Task<int> CountAsync(string name)
    {
        var list = JsonDocument.Parse(await browser.Http.GetStringAsync(new Uri("/jobs?limit=100", UriKind.Relative))).RootElement;
        return list.GetProperty("jobs").EnumerateArray().Count(job => job.TryGetProperty("name", out var own) && own.GetString() == name);
    }
}
