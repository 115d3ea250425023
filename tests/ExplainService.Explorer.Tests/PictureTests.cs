using System.Text.RegularExpressions;
using ExplainService.Goldens;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Pictures: brought in, explained, and hidden patch by patch.</summary>
[Collection(typeof(InBrowser))]
public sealed class PictureTests(BrowserFixture browser)
{
    private static string File => ReferenceData.PathOf("pictures", "files", "source.png");

    [Fact]
    public async Task A_picked_picture_is_predicted_and_its_patches_have_the_scores_of_the_service()
    {
        await using var explorer = await browser.NewPageAsync();
        await BringAsync(explorer, "occlusion");

        var answer = await browser.AskAsync(
            "/occlusion",
            new { model = "vit-cls", image = Convert.ToBase64String(await System.IO.File.ReadAllBytesAsync(File)) }
        );

        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync(answer.GetProperty("prediction").GetProperty("label").GetString()!);
        var shown = await Patches(explorer).EvaluateAllAsync<double[]>("patches => patches.map(patch => Number(patch.dataset.score))");
        var expected = answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble()).ToArray();
        Assert.Equal(16, expected.Length);
        Assert.All(expected.Zip(shown), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task A_patch_is_hidden_and_shown_again_by_keyboard()
    {
        await using var explorer = await browser.NewPageAsync();
        await BringAsync(explorer, "occlusion");
        var before = await explorer.Page.Locator("#prediction .probability").First.TextContentAsync();

        await Patches(explorer).Nth(1).FocusAsync();
        await explorer.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(explorer.Panel.Locator(".patch:focus")).ToHaveAttributeAsync("aria-label", new Regex("^2,2, "));
        await explorer.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(explorer.Page.Locator("#picture-hint")).ToHaveTextAsync("1 patch hidden.");
        await Assertions.Expect(explorer.Page.Locator("#prediction .probability").First).Not.ToHaveTextAsync(before!);
        await Assertions.Expect(explorer.Panel.Locator(".patch.gone")).ToHaveCountAsync(1);
        await explorer.Page.Locator("#picture-restore").ClickAsync();
        await Assertions.Expect(explorer.Page.Locator("#prediction .probability").First).ToHaveTextAsync(before!);
    }

    [Fact]
    public async Task A_patch_of_the_attention_shows_what_it_looks_at()
    {
        await using var explorer = await browser.NewPageAsync();
        await BringAsync(explorer, "attention");
        var said = explorer.Panel.Locator(".between .facts");
        await Assertions.Expect(said).ToContainTextAsync("the class token looks at");

        await Patches(explorer).Nth(6).ClickAsync();

        await Assertions.Expect(said).ToContainTextAsync("patch 2,3 looks at");
        await Assertions.Expect(explorer.Panel.Locator(".patch[aria-pressed=true]")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_is_no_picture_is_refused_in_words_and_a_phone_has_room_for_all()
    {
        await using var explorer = await browser.NewPageAsync(width: 390, height: 800);
        await BringAsync(explorer, "saliency");
        Assert.InRange(await explorer.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 390);
        await explorer.ScreenshotAsync("picture-390");

        await explorer
            .Page.Locator("#picture-file")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "text.gif",
                    MimeType = "image/gif",
                    Buffer = [1, 2, 3],
                }
            );

        await Assertions.Expect(explorer.Page.Locator("#picture-said")).ToHaveTextAsync("image/gif is not read: PNG, JPEG and WebP are.");
    }

    private static ILocator Patches(ExplorerPage explorer) => explorer.Panel.Locator(".patch");

    private static async Task BringAsync(ExplorerPage explorer, string tab)
    {
        await explorer.OpenAsync(("model", "vit-cls"), ("tab", tab));
        await explorer.Page.Locator("#picture-file").SetInputFilesAsync(File);
        await explorer.SettledAsync();
        await Assertions.Expect(Patches(explorer)).ToHaveCountAsync(16);
    }
}
