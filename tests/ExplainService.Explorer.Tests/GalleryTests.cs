using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>A screenshot of every view, kept under <c>artifacts/</c> to be looked at.</summary>
[Collection(typeof(InBrowser))]
public sealed class GalleryTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("saliency", "text", ColorScheme.Light)]
    [InlineData("saliency", "text", ColorScheme.Dark)]
    [InlineData("attention", "heads", ColorScheme.Light)]
    [InlineData("attention", "heads", ColorScheme.Dark)]
    [InlineData("attention", "rollout", ColorScheme.Light)]
    [InlineData("occlusion", "windows", ColorScheme.Light)]
    [InlineData("shapley", "interactions", ColorScheme.Light)]
    [InlineData("shapley", "interactions", ColorScheme.Dark)]
    [InlineData("comparison", "methods", ColorScheme.Light)]
    [InlineData("layers", "scores", ColorScheme.Light)]
    [InlineData("layers", "lens", ColorScheme.Dark)]
    [InlineData("neurons", "factors", ColorScheme.Light)]
    [InlineData("counterfactual", "removed", ColorScheme.Light)]
    [InlineData("attention", "ablation", ColorScheme.Dark)]
    public async Task Views_are_kept_as_pictures(string tab, string view, ColorScheme scheme)
    {
        await using var explorer = await browser.NewPageAsync(scheme: scheme);
        (string, string)[] options = view switch
        {
            "heads" => [("attention.layer", "1"), ("attention.head", "8")],
            "rollout" => [("attention.aggregate", "rollout")],
            "lens" => [("layers.method", "lens")],
            "factors" => [("neurons.factors", "4")],
            "ablation" => [("attention.aggregate", "ablation"), ("attention.layer", "3"), ("attention.head", "0")],
            "windows" => [("occlusion.window", "2")],
            "interactions" => [("shapley.interactions", "true"), ("shapley.max_evaluations", "128")],
            _ => [],
        };
        await explorer.OpenTabAsync(tab, more: options);
        if (tab != "attention" || view == "rollout")
        {
            await explorer.Words.First.HoverAsync();
        }

        await explorer.ScreenshotAsync($"{tab}-{view}-{scheme.ToString().ToLowerInvariant()}");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task The_removed_word_is_kept_as_a_picture()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "not bad at all");
        await explorer.Word("not").ClickAsync();
        await Assertions.Expect(explorer.Panel.Locator(".legend")).ToContainTextAsync("negative");
        await explorer.ScreenshotAsync("removed-word");
    }

    [Fact]
    public async Task The_problem_is_kept_as_a_picture()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("saliency", more: ("saliency.steps", "-3"));
        await explorer.ScreenshotAsync("problem");
    }
}
