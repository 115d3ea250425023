using ExplainService.Goldens;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>A picture beside labels that somebody types.</summary>
[Collection(typeof(InBrowser))]
public sealed class LabelledPictureTests(BrowserFixture browser)
{
    private static readonly string[] Labels = ["a red car", "the house", "a dog"];

    private static string File => ReferenceData.PathOf("pictures", "files", "source.png");

    [Fact]
    public async Task The_picture_is_predicted_over_the_labels_and_its_patches_have_the_scores_of_the_service()
    {
        await using var explorer = await browser.NewPageAsync();
        await BringAsync(explorer, "occlusion");

        var answer = await AskAsync(new { });
        await Assertions.Expect(explorer.Verdict).ToHaveTextAsync(answer.GetProperty("prediction").GetProperty("label").GetString()!);
        await Assertions.Expect(explorer.Page.Locator("#prediction .bar-name")).ToHaveTextAsync(Labels);
        var shown = await Scores(explorer.Panel.Locator(".patch"));
        var expected = answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble()).ToArray();
        Assert.Equal(16, shown.Length);
        Assert.All(expected.Zip(shown), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        await explorer.ScreenshotAsync("clip");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task The_words_of_the_chosen_label_are_coloured()
    {
        await using var explorer = await browser.NewPageAsync();
        await BringAsync(explorer, "occlusion");
        await explorer.Page.Locator("#question [name=label]").SelectOptionAsync("1");
        await explorer.Page.Locator("#question [name=granularity]").SelectOptionAsync("word");

        await Assertions.Expect(explorer.Words).ToHaveTextAsync(["the", "house"]);
        await explorer.SettledAsync();
        var answer = await AskAsync(new { granularity = "word", target = new { label = 1 } });
        var expected = answer.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble()).ToArray();
        Assert.All(expected.Zip(await Scores(explorer.Words)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        await Assertions.Expect(explorer.Panel.Locator("[name=replacement] option")).ToHaveTextAsync(["Nothing (delete)", "A text"]);
        await explorer.ScreenshotAsync("clip-words");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task Without_labels_the_page_says_what_is_missing_and_a_phone_has_room_for_all()
    {
        await using var explorer = await browser.NewPageAsync(width: 390, height: 800);
        await BringAsync(explorer, "saliency");
        Assert.InRange(await explorer.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 390);
        await explorer.ScreenshotAsync("clip-390");

        await explorer.Page.Locator("#labels").FillAsync("");

        await Assertions.Expect(explorer.Page.Locator("#prediction .hint")).ToContainTextAsync("labels, one a line");
    }

    private static async Task<double[]> Scores(ILocator units) =>
        await units.EvaluateAllAsync<double[]>("units => units.map(unit => Number(unit.dataset.score))");

    private async Task<System.Text.Json.JsonElement> AskAsync(object more)
    {
        var request = new Dictionary<string, object>
        {
            ["model"] = "tiny-clip",
            ["image"] = Convert.ToBase64String(await System.IO.File.ReadAllBytesAsync(File)),
            ["labels"] = Labels,
        };
        foreach (var property in more.GetType().GetProperties())
        {
            request[property.Name] = property.GetValue(more)!;
        }

        return await browser.AskAsync("/occlusion", request);
    }

    private static async Task BringAsync(ExplorerPage explorer, string tab)
    {
        await explorer.OpenAsync(("model", "tiny-clip"), ("tab", tab), ("labels", string.Join('\n', Labels)));
        await explorer.Page.Locator("#picture-file").SetInputFilesAsync(File);
        await explorer.SettledAsync();
        await Assertions.Expect(explorer.Panel.Locator(".patch")).ToHaveCountAsync(16);
    }
}
