using ExplainService.Testing;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Hostile text is text, and nothing leaves the origin.</summary>
[Collection(typeof(InBrowser))]
public sealed class SafetyTests(BrowserFixture browser)
{
    private const string Hostile =
        "<img src=x onerror=\"window.hit=1\"> <script>window.hit=1</script> ]]> \u202Eevil\u202C \"quoted\" 'single' {{x}} שלום עולם &amp;";

    [Fact]
    public async Task Hostile_text_is_inert_in_every_tab()
    {
        await using var explorer = await browser.NewPageAsync();
        foreach (var tab in new[] { "saliency", "attention", "occlusion", "shapley", "layers", "neurons", "comparison", "counterfactual" })
        {
            await explorer.OpenTabAsync(
                tab,
                Hostile,
                ("shapley.max_evaluations", "64"),
                ("attention.aggregate", "rollout"),
                ("comparison.integrated_gradients", "false"),
                ("saliency.method", "input_x_gradient")
            );
            await Assertions.Expect(explorer.Panel.Locator(".stage-text").First).ToHaveJSPropertyAsync("textContent", Hostile);
            Assert.Equal(0, await explorer.Page.Locator("#panels img, #panels script, #prediction img, #prediction script").CountAsync());
            Assert.False(await explorer.Page.EvaluateAsync<bool>("'hit' in window"));
        }

        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task A_hostile_link_is_inert_too()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenAsync(
            ("text", "fine"),
            ("tab", "<script>"),
            ("removed", "text.9.99_x.1.2_text.a.b"),
            ("target.label", "javascript:alert(1)"),
            ("saliency.method", "constructor"),
            ("__proto__.polluted", "1"),
            ("constructor.prototype", "1")
        );
        await explorer.SettledAsync();
        Assert.False(await explorer.Page.EvaluateAsync<bool>("'polluted' in {}"));
    }

    [Fact]
    public async Task Right_to_left_text_is_laid_out_so()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "שלום עולם good");
        await Assertions.Expect(explorer.Panel.Locator(".stage-text")).ToHaveAttributeAsync("dir", "rtl");
        // Both words in one look: the view may be drawn anew between two.
        double[] starts = [];
        await Patience.UntilAsync(
            async () =>
            {
                starts = await explorer.Words.EvaluateAllAsync<double[]>("words => words.map(word => word.getBoundingClientRect().x)");
                return starts.Length == 3 && starts[0] > starts[^1];
            },
            () => "The words begin at " + string.Join(", ", starts)
        );
    }

    [Fact]
    public async Task No_request_leaves_the_origin_and_the_policy_would_stop_one()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("comparison");
        Assert.All(explorer.Requests, url => Assert.StartsWith(browser.Address.AbsoluteUri, url, StringComparison.Ordinal));
        Assert.Equal(
            "refused",
            await explorer.Page.EvaluateAsync<string>("fetch('http://localhost:1/').then(() => 'sent', () => 'refused')")
        );
        Assert.Contains(explorer.Errors, error => error.Contains("Content Security Policy", StringComparison.Ordinal));
        Assert.Equal(
            "refused",
            await explorer.Page.EvaluateAsync<string>(
                "(() => { try { document.body.innerHTML = '<b>x</b>'; return 'set'; } catch { return 'refused'; } })()"
            )
        );
    }
}
