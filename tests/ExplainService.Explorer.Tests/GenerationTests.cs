using System.Text.Json;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Models that write: where each of their tokens comes from.</summary>
[Collection(typeof(InBrowser))]
public sealed class GenerationTests(BrowserFixture browser)
{
    private const string Prompt = "This movie is";

    [Fact]
    public async Task Each_generated_token_colours_its_sources_with_the_scores_of_the_API()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("generation", Prompt, ("model", "gpt-reviews"), ("target.new_tokens", "5"));
        var answer = await browser.AskAsync(
            "/saliency",
            new
            {
                model = "gpt-reviews",
                text = Prompt,
                method = "input_x_gradient",
                max_new_tokens = 5,
            }
        );
        var generated = answer.GetProperty("generated").EnumerateArray().ToArray();
        var pieces = explorer.Panel.Locator(".piece");
        await Assertions.Expect(pieces).ToHaveTextAsync(generated.Select(token => token.GetProperty("text").GetString()!.Trim()));

        await pieces.Nth(2).HoverAsync();
        await AssertSourcesAsync(explorer, generated[2]);
        Assert.Equal(
            Numbers(generated[2], "generated_scores")[1],
            double.Parse((await pieces.Nth(1).GetAttributeAsync("data-score"))!, null),
            1e-5
        );

        // By keyboard too.
        await pieces.Nth(2).ClickAsync();
        await pieces.Nth(2).FocusAsync();
        await explorer.Page.Keyboard.PressAsync("ArrowRight");
        await AssertSourcesAsync(explorer, generated[3]);
        await explorer.ScreenshotAsync("generation-sources-light");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task A_given_continuation_is_explained_in_place_of_the_models_own()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("generation", Prompt, ("model", "gpt-reviews"));
        await explorer.Page.Locator("#question [name=continuation]").FillAsync(" not good");
        await Assertions.Expect(explorer.Panel.Locator(".piece")).ToHaveTextAsync(["not", "good"]);
    }

    [Fact]
    public async Task Choosing_a_model_that_writes_brings_its_tab_and_an_example()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion");
        await Assertions.Expect(explorer.Page.Locator("#tab-generation")).ToBeHiddenAsync();
        await explorer.Page.Locator("#model").SelectOptionAsync("gpt-reviews");
        await Assertions.Expect(explorer.Page.Locator("#tab-generation")).ToHaveAttributeAsync("aria-selected", "true");
        await explorer.Panel.Locator(".piece").First.WaitForAsync();
        await Assertions.Expect(explorer.Page.Locator("#model-facts")).ToContainTextAsync("causal language model");
    }

    private static async Task AssertSourcesAsync(ExplorerPage explorer, JsonElement token)
    {
        await explorer.AssertScoresAsync(Prompt.Split(' ').Zip(Numbers(token, "scores")));
    }

    private static double[] Numbers(JsonElement token, string field) =>
        [.. token.GetProperty(field).EnumerateArray().Select(score => score.GetDouble())];
}
