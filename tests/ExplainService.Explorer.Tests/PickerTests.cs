using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>The target of a tagger and of a model that answers questions is picked in the text.</summary>
[Collection(typeof(InBrowser))]
public sealed class PickerTests(BrowserFixture browser)
{
    private const string Sentence = "Ada met Charles in London.";
    private const string Question = "Who wrote it?";
    private const string Context = "Ada Lovelace published the first program.";

    [Fact]
    public async Task A_word_is_pressed_to_explain_its_label()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", Sentence, ("model", "bert-ner"));
        var london = Pick(explorer, "London");
        var token = await TokenAsync("bert-ner", Sentence, null, "London");

        await london.ClickAsync();
        await Assertions.Expect(london).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(explorer.Page.Locator("#question [name=token]")).ToHaveValueAsync($"{token}");
        await Assertions.Expect(explorer.Panel.Locator(".explained")).ToContainTextAsync("at “London”");
        var answer = await browser.AskAsync(
            "/occlusion",
            new
            {
                model = "bert-ner",
                text = Sentence,
                target = new { token },
            }
        );
        await explorer.AssertScoresAsync(
            answer
                .GetProperty("units")
                .EnumerateArray()
                .Select(unit => (unit.GetProperty("text").GetString()!, unit.GetProperty("score").GetDouble()))
        );

        await london.ClickAsync();
        await Assertions.Expect(explorer.Page.Locator("#question [name=token]")).ToHaveValueAsync("");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task The_first_and_the_last_word_of_a_span_are_pressed()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", Question, ("pair", Context), ("model", "bert-qa"));
        var from = await TokenAsync("bert-qa", Question, Context, "Ada");

        await Pick(explorer, "Lovelace").ClickAsync();
        await Pick(explorer, "Ada").ClickAsync();
        await Assertions.Expect(explorer.Page.Locator(".pick[aria-pressed=true]")).ToHaveTextAsync(["Ada", "Lovelace"]);
        await Assertions.Expect(explorer.Page.Locator("#question [name=start]")).ToHaveValueAsync($"{from}");
        await Assertions.Expect(explorer.Panel.Locator(".explained")).ToContainTextAsync("“Ada Lovelace”");

        // A third press begins anew, and the one word pressed again is the predicted answer.
        await Pick(explorer, "first").ClickAsync();
        await Assertions.Expect(explorer.Page.Locator(".pick[aria-pressed=true]")).ToHaveTextAsync(["first"]);
        await Pick(explorer, "first").ClickAsync();
        await Assertions.Expect(explorer.Page.Locator(".pick[aria-pressed=true]")).ToHaveCountAsync(0);
        await Assertions.Expect(explorer.Page.Locator("#question [name=start]")).ToHaveValueAsync("");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task Words_are_reached_by_the_arrow_keys()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", Sentence, ("model", "bert-ner"));
        await Pick(explorer, "Ada").FocusAsync();
        await explorer.Page.Keyboard.PressAsync("ArrowRight");
        await explorer.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Pick(explorer, "met")).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(Pick(explorer, "met")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_classifier_has_nothing_to_pick()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion");
        await Assertions.Expect(explorer.Page.Locator("#picker")).ToBeHiddenAsync();
    }

    private static ILocator Pick(ExplorerPage explorer, string word) =>
        explorer.Page.Locator(".pick").GetByText(word, new() { Exact = true });

    /// <summary>The first token of a word.</summary>
    private async Task<int> TokenAsync(string model, string text, string? pair, string word)
    {
        var answer = await browser.AskAsync(
            "/predict",
            pair is null
                ? new { model, text }
                : new
                {
                    model,
                    text,
                    pair,
                }
        );
        var start = (pair ?? text).IndexOf(word, StringComparison.Ordinal);
        return answer
            .GetProperty("tokens")
            .EnumerateArray()
            .First(token =>
                !token.GetProperty("special").GetBoolean()
                && token.GetProperty("start").GetInt32() == start
                && token.TryGetProperty("in", out _) == pair is not null
            )
            .GetProperty("index")
            .GetInt32();
    }
}
