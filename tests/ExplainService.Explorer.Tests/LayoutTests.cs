using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Phone width, both themes, nothing that moves.</summary>
[Collection(typeof(InBrowser))]
public sealed class LayoutTests(BrowserFixture browser)
{
    private const int Phone = 360;

    [Fact]
    public async Task Nothing_is_wider_than_a_phone()
    {
        await using var explorer = await browser.NewPageAsync(Phone, 740);
        foreach (var tab in new[] { "saliency", "attention", "occlusion", "shapley", "layers", "neurons", "comparison", "counterfactual" })
        {
            await explorer.OpenTabAsync(
                tab,
                "An unremarkable film, wonderful music and extraordinarilylongwordsthatdonotbreakanywhereatall",
                ("shapley.interactions", "true"),
                ("shapley.max_evaluations", "64"),
                ("saliency.method", "input_x_gradient"),
                ("neurons.factors", "3"),
                ("comparison.integrated_gradients", "false")
            );
            Assert.InRange(await explorer.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, Phone);
            await explorer.ScreenshotAsync("phone-" + tab);
        }
    }

    [Theory]
    [InlineData(1280, 900)]
    [InlineData(Phone, 740)]
    public async Task Nothing_shifts_from_the_first_paint_to_the_last_answer(int width, int height)
    {
        await using var explorer = await browser.NewPageAsync(width, height);
        await explorer.OpenAsync();
        await explorer.SettledAsync();
        foreach (var tab in new[] { "occlusion", "attention", "shapley" })
        {
            await explorer.Page.Locator("#tab-" + tab).ClickAsync();
            await explorer.SettledAsync();
        }

        await explorer.TypeAsync("A dull film with wonderful music.");
        await Assertions.Expect(explorer.Words.First).ToHaveTextAsync("A");
        await explorer.SettledAsync();
        Assert.InRange(await explorer.ShiftsAsync(), 0, 0.05);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_keeps_a_contrast_of_four_and_a_half_to_one_on_every_colour(ColorScheme scheme)
    {
        await using var explorer = await browser.NewPageAsync(scheme: scheme);
        foreach (var tab in new[] { "saliency", "comparison", "layers", "neurons", "counterfactual" })
        {
            await explorer.OpenTabAsync(tab, more: ("neurons.factors", "8"));
            var worst = await explorer.Page.EvaluateAsync<double>(Contrast);
            Assert.InRange(worst, 4.5, 21);
        }
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_one_is_chosen_and_is_remembered()
    {
        await using var explorer = await browser.NewPageAsync(scheme: ColorScheme.Dark);
        await explorer.OpenTabAsync("occlusion");
        Assert.True(await IsDarkAsync(explorer));

        await explorer.Page.Locator("#theme").ClickAsync();
        Assert.False(await IsDarkAsync(explorer));
        await explorer.Page.ReloadAsync();
        Assert.False(await IsDarkAsync(explorer));
        await explorer.Page.Locator("#theme").ClickAsync();
        Assert.True(await IsDarkAsync(explorer));
    }

    [Fact]
    public async Task Reduced_motion_moves_nothing()
    {
        await using var explorer = await browser.NewPageAsync(motion: ReducedMotion.Reduce);
        await explorer.OpenTabAsync("occlusion");
        Assert.Equal(0, await explorer.Page.EvaluateAsync<int>("document.getAnimations().length"));
        Assert.Equal(
            "0s",
            await explorer.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.bar-fill')).transitionDuration")
        );
    }

    private static Task<bool> IsDarkAsync(ExplorerPage explorer) =>
        explorer.Page.EvaluateAsync<bool>("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0] < 60");

    /// <summary>The worst contrast (WCAG 2) of visible text against what is behind it; colours are resolved by painting them.</summary>
    private const string Contrast = """
        (() => {
          const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
          const behind = element => element ? [...behind(element.parentElement), getComputedStyle(element).backgroundColor] : [];
          const paint = colours => { pen.clearRect(0, 0, 1, 1); for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); } return [...pen.getImageData(0, 0, 1, 1).data]; };
          const light = colour => colour.slice(0, 3).map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
          let worst = 21;
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest(":disabled, .skip, #toast, option, noscript")) continue;
            const back = behind(element);
            const [one, other] = [light(paint(back)), light(paint([...back, getComputedStyle(element).color]))].sort((a, b) => b - a);
            worst = Math.min(worst, (one + 0.05) / (other + 0.05));
          }
          return worst;
        })()
        """;
}
