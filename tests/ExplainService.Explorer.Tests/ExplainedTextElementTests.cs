using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ExplainService.Testing;

namespace ExplainService.Explorer.Tests;

/// <summary>The element <c>&lt;explained-text&gt;</c> in pages of others.</summary>
[Collection(typeof(InBrowser))]
public sealed class ExplainedTextElementTests(BrowserFixture browser)
{
    private const string Text = "The acting was terrible but the music is absolutely wonderful.";
    private const string Key = "a-key-of-the-element";

    /// <summary>A page of another origin on the same machine; nothing listens there, the browser is handed the page.</summary>
    private const string Elsewhere = "http://localhost:9";

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
    public async Task A_page_of_an_allowed_origin_asks_with_its_key()
    {
        await using var service = new Guarded();
        await using var page = await browser.NewPageAsync();
        await page.Page.RouteAsync(
            Elsewhere + "/**",
            route =>
                route.FulfillAsync(
                    new()
                    {
                        ContentType = "text/html",
                        Body =
                            $"""<!doctype html><script src="{service.Client.BaseAddress}explained-text.js"></script><explained-text text="not bad" method="occlusion"></explained-text>""",
                    }
                )
        );
        await page.Page.GotoAsync(Elsewhere + "/");
        await page.Page.Locator("explained-text [role=alert]").WaitForAsync();

        await page.Page.EvaluateAsync("key => { document.querySelector('explained-text').key = key; }", Key);

        await page.Page.Locator("explained-text .word").First.WaitForAsync();
        Assert.DoesNotContain(Key, await page.Page.ContentAsync(), StringComparison.Ordinal);
    }

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

    private sealed class Guarded : TestHost
    {
        public Guarded() => UseKestrel(0);

        protected override IEnumerable<(string Key, string Value)> Settings =>
            [
                .. Bundled,
                ("urls", "http://127.0.0.1:0"),
                ("Cors:Origins", Elsewhere),
                ("Auth:Keys:0:Name", "element"),
                ("Auth:Keys:0:Sha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
            ];
    }
}
