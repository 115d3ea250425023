using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Everything by keyboard alone.</summary>
[Collection(typeof(InBrowser))]
public sealed class KeyboardTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_walk_from_the_skip_link_to_a_removed_word()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "not bad at all");
        var keys = explorer.Page.Keyboard;

        await keys.PressAsync("Tab");
        Assert.Equal("Skip to the explanation", await FocusedAsync(explorer, "textContent"));
        await keys.PressAsync("Enter");
        Assert.Equal("panel-area", await FocusedAsync(explorer, "id"));

        // The tabs are one stop; arrows move between them and choose.
        await keys.PressAsync("Tab");
        Assert.Equal("tab-occlusion", await FocusedAsync(explorer, "id"));
        await keys.PressAsync("ArrowRight");
        Assert.Equal("tab-shapley", await FocusedAsync(explorer, "id"));
        await Assertions.Expect(explorer.Page.Locator("#panel-shapley")).ToBeVisibleAsync();
        await keys.PressAsync("ArrowLeft");
        await Assertions.Expect(explorer.Page.Locator("#panel-occlusion")).ToBeVisibleAsync();
        await explorer.SettledAsync();

        await TabToAsync(explorer, "word");
        await keys.PressAsync("End");
        Assert.Equal("all", await FocusedAsync(explorer, "textContent"));
        await keys.PressAsync("Home");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("ArrowLeft");
        Assert.Equal("not", await FocusedAsync(explorer, "textContent"));
        await Assertions.Expect(explorer.Panel.Locator(".readout")).ToHaveTextAsync(new Regex(@"^not \+0\.\d{4}"));
        await AssertFocusIsVisibleAsync(explorer);

        await keys.PressAsync("Enter");
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("negative");
        await Assertions.Expect(explorer.Panel.Locator(".legend")).ToContainTextAsync("negative");
        Assert.Equal("not", await FocusedAsync(explorer, "textContent"));
        await keys.PressAsync("Space");
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync("positive");
    }

    [Fact]
    public async Task Heads_are_chosen_with_arrows_in_two_directions()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("attention", "not bad at all");
        await explorer.Panel.Locator(".head[tabindex='0']").FocusAsync();
        foreach (var key in new[] { "ArrowDown", "ArrowDown", "ArrowRight", "Enter" })
        {
            await explorer.Page.Keyboard.PressAsync(key);
        }

        await Assertions.Expect(explorer.Panel.Locator(".heat figcaption")).ToHaveTextAsync("Layer 2, head 1: weights");
        await Assertions.Expect(explorer.Panel.Locator(".head:focus")).ToHaveAttributeAsync("data-key", "head:2.1");
    }

    [Fact]
    public async Task Every_control_has_a_name_and_every_tab_its_panel()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("shapley");
        var nameless = await explorer.Page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll("button, select, input, textarea")].filter(control => control.offsetParent)
              .filter(control => !(control.labels?.[0]?.innerText || control.innerText || control.getAttribute("aria-label") || control.getAttribute("aria-labelledby")))
              .map(control => control.outerHTML)
            """
        );
        Assert.Empty(nameless);
        var loose = await explorer.Page.EvaluateAsync<int>(
            "[...document.querySelectorAll('[role=tab]')].filter(tab => document.getElementById(tab.getAttribute('aria-controls'))?.getAttribute('aria-labelledby') !== tab.id).length"
        );
        Assert.Equal(0, loose);
    }

    private static async Task TabToAsync(ExplorerPage explorer, string className)
    {
        for (var presses = 0; presses < 20; presses++)
        {
            await explorer.Page.Keyboard.PressAsync("Tab");
            if (await explorer.Page.EvaluateAsync<bool>("name => document.activeElement.classList.contains(name)", className))
            {
                return;
            }
        }

        Assert.Fail($"No .{className} within twenty stops.");
    }

    private static Task<string> FocusedAsync(ExplorerPage explorer, string property) =>
        explorer.Page.EvaluateAsync<string>("name => document.activeElement[name]", property);

    private static async Task AssertFocusIsVisibleAsync(ExplorerPage explorer) =>
        Assert.Equal(
            "solid 3px",
            await explorer.Page.EvaluateAsync<string>(
                "(style => style.outlineStyle + ' ' + style.outlineWidth)(getComputedStyle(document.activeElement))"
            )
        );
}
