using ExplainService.Goldens;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Every tab of a picture: its comparison, its regions, its counterfactuals, on a desk and on a phone.</summary>
[Collection(typeof(InBrowser))]
public sealed class PictureTabTests(BrowserFixture browser)
{
    private static string File => ReferenceData.PathOf("pictures", "files", "source.png");

    [Fact]
    public async Task Methods_are_compared_patch_by_patch_and_the_most_faithful_is_named()
    {
        await using var explorer = await browser.NewPageAsync();
        await BringAsync(explorer, "comparison");

        var table = explorer.Panel.Locator("table.compare").First;
        await Assertions.Expect(table.Locator("tbody tr")).ToHaveCountAsync(16);
        await Assertions.Expect(table.Locator("thead th").First).ToHaveTextAsync("Patch");
        await Assertions.Expect(table.Locator("tbody th").Nth(6)).ToHaveTextAsync("2,3");
        Assert.True(await table.Locator("thead th").CountAsync() > 3);
        await Assertions.Expect(explorer.Panel.Locator("table.faithful")).ToBeVisibleAsync();
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task Superpixels_are_about_as_many_as_the_page_asks_for()
    {
        await using var explorer = await browser.NewPageAsync();
        await BringAsync(explorer, "occlusion");
        var segments = explorer.Page.Locator("#question [name=segments]");
        await Assertions.Expect(segments).ToHaveCountAsync(0);

        await explorer.Page.Locator("#question [name=granularity]").SelectOptionAsync("superpixel");
        await segments.FillAsync("6");

        var answer = await browser.AskAsync(
            "/occlusion",
            new
            {
                model = "vit-cls",
                image = Convert.ToBase64String(await System.IO.File.ReadAllBytesAsync(File)),
                granularity = "superpixel",
                segments = 6,
            }
        );
        await Assertions.Expect(explorer.Panel.Locator(".regions .patch")).ToHaveCountAsync(answer.GetProperty("units").GetArrayLength());
        await Assertions.Expect(explorer.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("segments=6"));

        // What is about the model's own patches stays with them.
        await explorer.Page.Locator("#tab-attention").ClickAsync();
        await Assertions.Expect(explorer.Panel.Locator(".patch")).ToHaveCountAsync(16);
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task What_a_counterfactual_hides_is_hidden_by_a_press()
    {
        await using var explorer = await browser.NewPageAsync();
        await BringAsync(explorer, "counterfactual", ("counterfactual.keep", "true"), ("counterfactual.max_edits", "16"));

        var found = explorer.Panel.Locator("figure.change");
        await Assertions.Expect(found).ToHaveCountAsync(1);
        var hidden = await found.Locator(".patch.gone").CountAsync();
        Assert.InRange(hidden, 1, 16);
        await found.GetByRole(AriaRole.Button, new() { Name = "Hide them in the picture" }).ClickAsync();
        await Assertions
            .Expect(explorer.Page.Locator("#picture-hint"))
            .ToHaveTextAsync(hidden == 1 ? "1 patch hidden." : $"{hidden} patches hidden.");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Every_tab_has_room_for_a_picture(int width)
    {
        foreach (
            var tab in (string[])
                [
                    "saliency",
                    "attention",
                    "occlusion",
                    "shapley",
                    "lime",
                    "permutation",
                    "layers",
                    "neurons",
                    "comparison",
                    "counterfactual",
                ]
        )
        {
            await using var explorer = await browser.NewPageAsync(width: width, height: 900);
            await BringAsync(explorer, tab);
            Assert.InRange(await explorer.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
            Assert.Empty(explorer.Errors);
            Assert.Equal(0, await explorer.Panel.Locator(".problem").CountAsync());
            await explorer.ScreenshotAsync($"picture-{tab}-{width}");
        }
    }

    [Fact]
    public async Task A_picture_that_comes_before_the_list_of_models_is_explained()
    {
        await using var explorer = await browser.NewPageAsync();
        var brought = new TaskCompletionSource();
        await explorer.Page.RouteAsync(
            "**/models",
            async route =>
            {
                await brought.Task;
                await route.ContinueAsync();
            }
        );
        await explorer.OpenAsync([("model", "vit-cls"), ("tab", "occlusion")]);
        await explorer.Page.Locator("#picture-file").SetInputFilesAsync(File);
        await Assertions.Expect(explorer.Page.Locator("#picture-name")).ToContainTextAsync(System.IO.Path.GetFileName(File));
        brought.SetResult();

        await explorer.SettledAsync();
        await explorer.Panel.Locator(".view > *:not(.hint)").First.WaitForAsync();
        Assert.Empty(explorer.Errors);
    }

    private static async Task BringAsync(ExplorerPage explorer, string tab, params (string, string)[] more)
    {
        await explorer.OpenAsync([("model", "vit-cls"), ("tab", tab), .. more]);
        await explorer.Page.Locator("#picture-file").SetInputFilesAsync(File);
        await explorer.SettledAsync();
        await explorer.Panel.Locator(".view > *:not(.hint)").First.WaitForAsync();
    }
}
