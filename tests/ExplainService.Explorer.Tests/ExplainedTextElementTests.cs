using System.Text.Json;

namespace ExplainService.Explorer.Tests;

/// <summary>The element <c>&lt;explained-text&gt;</c> in pages of others.</summary>
[Collection(typeof(InBrowser))]
public sealed class ExplainedTextElementTests(BrowserFixture browser)
{
    private const string Text = "The acting was terrible but the music is absolutely wonderful.";

    [Fact]
    public async Task Words_are_coloured_by_the_native_scores_and_told_to_those_who_see_no_colours()
    {
        var native = await browser.AskAsync("/occlusion", new { text = Text, target = new { label = "positive" } });
        await using var page = await browser.NewPageAsync();

        await OpenAsync(
            page,
            $"""<explained-text text="{Text}" method="occlusion" model="minilm-sst2" target="positive"></explained-text>"""
        );

        var words = page.Page.Locator("explained-text .word");
        await words.First.WaitForAsync();
        Assert.Equal(Texts(native), await words.AllTextContentsAsync());
        Assert.Equal(Text, await page.Page.Locator("explained-text .text").TextContentAsync());
        var classes = await words.EvaluateAllAsync<string[]>("words => words.map(word => word.classList[1])");
        Assert.Equal(Scores(native).Select(score => score < 0 ? "against" : "for"), classes);
        var wonderful = words.GetByText("wonderful", new() { Exact = true });
        Assert.StartsWith("+0.", await wonderful.GetAttributeAsync("title"), StringComparison.Ordinal);
        Assert.Contains("strong", await wonderful.GetAttributeAsync("class"), StringComparison.Ordinal);
        Assert.NotEqual("rgba(0, 0, 0, 0)", await wonderful.EvaluateAsync<string>("word => getComputedStyle(word).backgroundColor"));
        var told = await page.Page.Locator("explained-text .told").TextContentAsync();
        Assert.StartsWith("Words that count most for positive: ", told, StringComparison.Ordinal);
        Assert.Contains("wonderful +0.", told, StringComparison.Ordinal);
        Assert.Empty(page.Errors);
        await page.ScreenshotAsync("explained-text");
    }

    [Fact]
    public async Task A_changed_attribute_is_explained_anew_and_a_hostile_text_stays_a_text()
    {
        await using var page = await browser.NewPageAsync();
        await OpenAsync(page, """<explained-text text="not bad" method="occlusion"></explained-text>""");
        await page.Page.Locator("explained-text .word").First.WaitForAsync();

        const string Hostile = "<img src=x onerror=alert(1)> bad";
        await page.Page.EvaluateAsync("text => document.querySelector('explained-text').setAttribute('text', text)", Hostile);

        await page.Page.Locator("explained-text .word").GetByText("onerror", new() { Exact = true }).WaitForAsync();
        Assert.Equal(Hostile, await page.Page.Locator("explained-text .text").TextContentAsync());
        Assert.Equal(0, await page.Page.Locator("explained-text img").CountAsync());
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("""<explained-text text="a" model="no-such-model"></explained-text>""", "no-such-model")]
    [InlineData("""<explained-text text="a" method="tokenize"></explained-text>""", "scores no words")]
    [InlineData("""<explained-text text="a" target="no-such-label"></explained-text>""", "label")]
    public async Task A_problem_is_shown_as_a_text_beside_the_text(string element, string told)
    {
        await using var page = await browser.NewPageAsync();

        await OpenAsync(page, element);

        var problem = page.Page.Locator("explained-text [role=alert]");
        await problem.WaitForAsync();
        Assert.Contains(told, await problem.TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("a", await page.Page.Locator("explained-text .text").TextContentAsync());
    }

    [Fact]
    public async Task A_page_of_another_site_is_served_where_the_operator_allows_it()
    {
        await using var page = await browser.NewPageAsync();

        await OpenElsewhereAsync(page, $"""<explained-text text="{Text}" method="occlusion"></explained-text>""", ExplorerService.Frontend);

        await page.Page.Locator("explained-text .word").First.WaitForAsync();
        Assert.Equal(Text, await page.Page.Locator("explained-text .text").TextContentAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_page_of_a_site_that_is_not_allowed_shows_the_text_and_that_nothing_explains_it()
    {
        await using var page = await browser.NewPageAsync();

        await OpenElsewhereAsync(page, """<explained-text text="a"></explained-text>""", "stranger.localhost");

        var problem = page.Page.Locator("explained-text [role=alert]");
        await problem.WaitForAsync();
        Assert.Contains("cannot be reached", await problem.TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("a", await page.Page.Locator("explained-text .text").TextContentAsync());
    }

    /// <summary>A page of another site, which has the element from here.</summary>
    private async Task OpenElsewhereAsync(ExplorerPage page, string element, string host) =>
        await page.Page.GotoAsync(
            browser
                .Other.Page(host, $"""<script src="{new Uri(browser.Address, "/explained-text.js")}" defer></script>{element}""")
                .AbsoluteUri
        );

    /// <summary>A page beside the service, as a frontend has one.</summary>
    private async Task OpenAsync(ExplorerPage page, string element)
    {
        var address = new Uri(browser.Address, "/a-page-of-somebody");
        await page.Page.RouteAsync(
            address.AbsoluteUri,
            route =>
                route.FulfillAsync(
                    new()
                    {
                        ContentType = "text/html; charset=utf-8",
                        Body =
                            $"""<!doctype html><html lang="en"><title>Notes</title><link rel="icon" href="data:,"><script src="/explained-text.js" defer></script>{element}""",
                    }
                )
        );
        await page.Page.GotoAsync(address.AbsoluteUri);
    }

    private static IEnumerable<string?> Texts(JsonElement answer) =>
        answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("text").GetString());

    private static IEnumerable<double> Scores(JsonElement answer) =>
        answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble());
}
