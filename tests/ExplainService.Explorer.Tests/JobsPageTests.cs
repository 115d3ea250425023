using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>The page of jobs: begun, watched, changed, opened, compared, with the numbers of the API.</summary>
[Collection(typeof(InBrowser))]
public sealed class JobsPageTests(BrowserFixture browser)
{
    private const string Labelled = """
        id,text,label
        a,a gripping and funny film,positive
        b,a dull and lifeless film,negative
        c,not bad at all,positive
        d,the jokes are old and the plot is thin,negative
        """;

    private static readonly object Global = new { kind = "global", request = new { endpoint = "/occlusion" } };

    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/html;q=0.5, application/json", "application/json")]
    public async Task Browsers_get_the_page_and_programs_the_list(string accept, string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/jobs");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await browser.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Accept", answer.Headers.Vary);
        if (mediaType == "text/html")
        {
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; script-src 'self'", policy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_is_uploaded_watched_to_its_end_and_summed_up()
    {
        await using var explorer = await browser.OpenJobsAsync();
        var page = explorer.Page;
        await JobsPage.UnfoldAsync(page);
        await page.Locator("[name=kind]").SelectOptionAsync("global");
        await page.Locator("[name=method]").SelectOptionAsync("occlusion");
        await page.Locator("[name=name]").FillAsync("uploaded");
        await page.Locator("[name=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "reviews.csv",
                    MimeType = "text/csv",
                    Buffer = Encoding.UTF8.GetBytes(Labelled),
                }
            );
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();

        var opened = page.Locator("#opened");
        await Assertions.Expect(opened.Locator(".state")).ToHaveTextAsync("succeeded");
        await Assertions.Expect(opened.Locator(".facts").First).ToContainTextAsync("4 of 4 rows");
        await Assertions.Expect(opened.Locator("[role=progressbar]")).ToHaveAttributeAsync("aria-valuenow", "100");
        await Assertions.Expect(page.Locator("#jobs .current .state")).ToHaveTextAsync("succeeded");

        var id = Regex.Match(page.Url, "job=([^&]+)").Groups[1].Value;
        var summary = await GetAsync($"/jobs/{id}/summary?top=20");
        var accuracy = summary.GetProperty("performance").GetProperty("accuracy").GetDouble();
        var performance = opened.GetByRole(AriaRole.Region, new() { Name = "Performance over 4 rows with labels" });
        await Assertions
            .Expect(performance.Locator("tbody tr").First)
            .ToHaveTextAsync($"Accuracy{(100 * accuracy).ToString("0.0", CultureInfo.InvariantCulture)} %");
        foreach (var words in summary.GetProperty("words").EnumerateArray())
        {
            var label = words.GetProperty("label").GetString();
            var shown = opened
                .GetByRole(AriaRole.Region, new() { NameRegex = new Regex($"^Words for and against “{label}”") })
                .Locator("tbody tr");
            var own = words.GetProperty("words").EnumerateArray().ToArray();
            await Assertions.Expect(shown).ToHaveCountAsync(own.Length);
            await Assertions.Expect(shown.First.Locator("th")).ToHaveTextAsync(own[0].GetProperty("word").GetString()!);
            Assert.Equal(
                own[0].GetProperty("mean").GetDouble(),
                Number(await shown.First.Locator("td").First.GetAttributeAsync("data-value")),
                1e-9
            );
        }

        // Everything that it has written is a press away.
        foreach (var link in await opened.Locator("a.button").AllAsync())
        {
            using var answer = await browser.Http.GetAsync(new Uri((await link.GetAttributeAsync("href"))!));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await explorer.ScreenshotAsync("jobs-opened");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task Pasted_texts_are_paused_resumed_cancelled_and_deleted()
    {
        await using var explorer = await browser.OpenJobsAsync();
        var page = explorer.Page;
        await JobsPage.UnfoldAsync(page);
        await page.Locator("[name=kind]").SelectOptionAsync("explain");
        await page.Locator("[name=method]").SelectOptionAsync("shap.auto");
        await page.Locator("[name=source]").SelectOptionAsync("texts");
        await page.Locator("[name=texts]")
            .FillAsync(
                string.Join('\n', Enumerable.Range(0, 400).Select(row => $"the film number {row} was long, and not a bad one in the end"))
            );
        await page.Locator("[name=name]").FillAsync("changed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();

        var opened = page.Locator("#opened");
        await Assertions.Expect(opened.Locator(".state")).ToHaveTextAsync("running");
        await opened.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(opened.Locator(".state")).ToHaveTextAsync("paused");
        await Assertions.Expect(page.Locator("#jobs .current .state")).ToHaveTextAsync("paused");
        await Assertions.Expect(opened.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeHiddenAsync();
        await opened.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(opened.Locator(".state")).ToHaveTextAsync(new Regex("queued|running"));
        await opened.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(opened.Locator(".state")).ToHaveTextAsync("cancelled");

        // Deleted only where the question is answered with yes.
        void Refuse(object? _, IDialog dialog) => dialog.DismissAsync();
        page.Dialog += Refuse;
        await opened.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(opened.Locator(".state")).ToHaveTextAsync("cancelled");
        page.Dialog -= Refuse;
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await opened.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(opened).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#jobs .open").GetByText("changed", new() { Exact = true })).ToHaveCountAsync(0);
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task Two_jobs_stand_side_by_side_with_both_values()
    {
        var first = await browser.PostJobAsync("first of two", Global, Labelled);
        var second = await browser.PostJobAsync("second of two", Global, Labelled.Replace("gripping", "boring", StringComparison.Ordinal));
        await using var explorer = await browser.OpenJobsAsync();
        var page = explorer.Page;
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare first of two" }).CheckAsync();
        await Assertions.Expect(page.Locator("#compare")).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare second of two" }).CheckAsync();
        await page.Locator("#compare").ClickAsync();

        // The older one is the first.
        var opened = page.Locator("#opened");
        await Assertions.Expect(opened.Locator("h2")).ToHaveTextAsync("Two jobs compared");
        await Assertions.Expect(opened.Locator("li").First).ToContainTextAsync("first of two");
        var (left, right) = (await GetAsync($"/jobs/{first}/summary?top=200"), await GetAsync($"/jobs/{second}/summary?top=200"));
        var accuracy = opened
            .GetByRole(AriaRole.Region, new() { Name = "Performance" })
            .Locator("tbody tr", new() { HasTextString = "Accuracy" })
            .Locator("td");
        await Assertions.Expect(accuracy.Nth(0)).ToHaveTextAsync(Percent(left));
        await Assertions.Expect(accuracy.Nth(1)).ToHaveTextAsync(Percent(right));

        // A word of both has both values, one of a single job a dash in the other's place.
        var words = opened.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("“positive”") }).Locator("tbody tr");
        var both = words.Filter(new() { Has = page.Locator("th").GetByText("not", new() { Exact = true }) }).Locator("td");
        Assert.Equal(MeanOf(left, "positive", "not"), Number(await both.Nth(0).GetAttributeAsync("data-value")), 1e-9);
        Assert.Equal(MeanOf(right, "positive", "not"), Number(await both.Nth(1).GetAttributeAsync("data-value")), 1e-9);
        await Assertions
            .Expect(words.Filter(new() { Has = page.Locator("th").GetByText("gripping", new() { Exact = true }) }).Locator("td").Nth(1))
            .ToHaveTextAsync("–");
        await explorer.ScreenshotAsync("jobs-compared");
        Assert.Empty(explorer.Errors);

        static string Percent(JsonElement summary) =>
            (100 * summary.GetProperty("performance").GetProperty("accuracy").GetDouble()).ToString("0.0", CultureInfo.InvariantCulture)
            + " %";
    }

    [Fact]
    public async Task Every_kind_of_the_service_can_be_chosen()
    {
        var document = await GetAsync("/openapi/v1.json");
        var kinds = document.GetProperty("components").GetProperty("schemas").GetProperty("JobKind").GetProperty("enum").EnumerateArray();
        await using var explorer = await browser.OpenJobsAsync();
        await JobsPage.UnfoldAsync(explorer.Page);
        var offered = await explorer
            .Page.Locator("[name=kind] option")
            .EvaluateAllAsync<string[]>("options => options.map(option => option.value)");
        Assert.Subset(offered.ToHashSet(), kinds.Select(kind => kind.GetString()!).ToHashSet());
    }

    [Fact]
    public async Task What_jobs_of_one_kind_alone_find_is_shown()
    {
        const string findings = """
            "faithfulness": {"method": "shap", "rows": 4, "area": 1.25, "standard_error": 0.5, "random": 0.125, "z": 2.5},
            "comparison": {"texts": 4, "agreement": [[1]], "differences": [], "recommendation": {"name": "shap", "reason": "It has the largest area.", "significant": true},
              "methods": [{"name": "shap", "evaluations": 1, "elapsed_ms": 1, "metrics": {"area": {"mask": {"value": 1.25, "z": 2.5}}}}]},
            "meanings": [{"layer": 5, "neuron": 118, "words": [{"word": "dull", "count": 5, "with": 2, "without": 0}],
              "labels": [{"label": "negative", "index": 0, "correlation": 0.75}],
              "examples": [{"text": 2, "sentence": "a dull film", "token": "dull", "start": 2, "end": 6, "activation": 3.5}]}],
            "drift": {"before": ["old"], "before_sha256": [], "rows": 4, "flipped": 0.25, "flips": [{"from": "positive", "to": "negative", "rows": 1}],
              "labels": [{"label": "positive", "before": 0.5, "now": 0.25}], "label_shift": 0.25, "ndcg": 0.875,
              "words": [{"label": "positive", "shared": 9, "only_before": 0, "only_now": 0, "ndcg": 0.875, "top": 5, "top_overlap": 1, "moved": 1,
                "strongest": [{"word": "funny", "before": 0.5, "low": 0.25, "high": 0.75, "now": -0.125}]}]},
            """;
        var id = await browser.PostJobAsync("found", Global, Labelled);
        await using var explorer = await browser.NewPageAsync();
        var page = explorer.Page;
        await page.RouteAsync(
            "**/summary?*",
            async route =>
            {
                var response = await route.FetchAsync();
                var body = await response.TextAsync();
                await route.FulfillAsync(new() { Response = response, Body = "{" + findings + body[1..] });
            }
        );
        await page.GotoAsync(browser.Address.AbsoluteUri + "jobs#job=" + id);
        var opened = page.Locator("#opened");
        await Assertions
            .Expect(opened.Locator(".decision"))
            .ToHaveTextAsync([
                "How faithful the scores of shap are: area 1.250 ± 0.500, of random rankings 0.125, z +2.5",
                "It has the largest area.",
                "25.0 % of 4 rows are predicted another label. The least agreement of words (NDCG) is 0.875.",
            ]);
        await Assertions.Expect(opened.Locator(".faithful .recommended td")).ToHaveAttributeAsync("data-value", "1.25");
        await Assertions
            .Expect(opened.GetByRole(AriaRole.Region, new() { Name = "What raises neurons in these rows" }).Locator("tbody tr"))
            .ToHaveTextAsync("5.118dullnegative +0.75dull 3.50 (row 2)");
        await Assertions
            .Expect(opened.GetByRole(AriaRole.Region, new() { Name = "Changed labels" }).Locator("tbody tr"))
            .ToHaveTextAsync("positivenegative1");
        await Assertions
            .Expect(
                opened.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("^Words of “positive” that moved") }).Locator("tbody tr")
            )
            .ToHaveTextAsync("funny+0.5000.250 to 0.750\u22120.125");
        await explorer.ScreenshotAsync("jobs-findings");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task What_the_service_refuses_is_shown_in_its_words()
    {
        await using var explorer = await browser.OpenJobsAsync();
        var page = explorer.Page;
        await JobsPage.UnfoldAsync(page);
        await page.Locator("[name=source]").SelectOptionAsync("path");
        await page.Locator("[name=path]").FillAsync("../secret.csv");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Assertions.Expect(page.Locator("#form .problem code")).ToHaveTextAsync("input.path");

        await page.Locator("summary", new() { HasTextString = "Columns" }).ClickAsync();
        await page.Locator("[name=request]").FillAsync("{max");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Assertions.Expect(page.Locator("#form .problem h3")).ToHaveTextAsync("These fields cannot be read");
    }

    [Fact]
    public async Task Hostile_names_and_words_are_inert()
    {
        const string hostile = "<img src=x onerror=\"window.hit=1\">";
        var id = await browser.PostJobAsync(hostile, Global, "text\n" + hostile.Replace("\"", "", StringComparison.Ordinal) + " film\n");
        await using var explorer = await browser.OpenJobsAsync($"job={id}");
        await Assertions.Expect(explorer.Page.Locator("#opened h2")).ToHaveTextAsync(hostile);
        await explorer.Page.Locator("#opened .compare").First.WaitForAsync();
        Assert.Equal(0, await explorer.Page.Locator("main img").CountAsync());
        Assert.False(await explorer.Page.EvaluateAsync<bool>("'hit' in window"));
        Assert.All(explorer.Requests, url => Assert.StartsWith(browser.Address.AbsoluteUri, url, StringComparison.Ordinal));
        Assert.Empty(explorer.Errors);
    }

    [Theory]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    public async Task Keys_do_all_and_nothing_is_wider_than_the_page(int width, ColorScheme scheme)
    {
        var id = await browser.PostJobAsync("by keys", Global, Labelled);
        await using var explorer = await browser.NewPageAsync(width, 800, scheme);
        var page = explorer.Page;
        await page.GotoAsync(browser.Address.AbsoluteUri + "jobs");
        var open = page.Locator($"[data-id='{id}'] .open");
        await open.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#opened .compare").First.WaitForAsync();
        await Assertions.Expect(page.Locator("#opened")).ToBeFocusedAsync();
        await page.Locator($"[data-id='{id}'] [name=pick]").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator($"[data-id='{id}'] [name=pick]")).ToBeCheckedAsync();
        await JobsPage.UnfoldAsync(page);
        Assert.Empty(
            await page.EvaluateAsync<string[]>(
                """
                () => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
                  : [...document.querySelectorAll("body *")].filter(element => element.getBoundingClientRect().right > innerWidth && !element.closest(".scroll")).map(element => element.outerHTML.slice(0, 120))
                """
            )
        );
        await explorer.ScreenshotAsync($"jobs-{width}");

        var weight = await page.EvaluateAsync<int>(
            """
            () => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
              .filter(entry => !["fetch", "other"].includes(entry.initiatorType))
              .reduce((sum, entry) => sum + entry.decodedBodySize, 0)
            """
        );
        Assert.InRange(weight, 20_000, 150_000);
        Assert.Empty(explorer.Errors);
    }

    private async Task<JsonElement> GetAsync(string path) =>
        JsonDocument.Parse(await browser.Http.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

    private static double MeanOf(JsonElement summary, string label, string word) =>
        summary
            .GetProperty("words")
            .EnumerateArray()
            .Single(list => list.GetProperty("label").GetString() == label)
            .GetProperty("words")
            .EnumerateArray()
            .Single(one => one.GetProperty("word").GetString() == word)
            .GetProperty("mean")
            .GetDouble();

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);
}
