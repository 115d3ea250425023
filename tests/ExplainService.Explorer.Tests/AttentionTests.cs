using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>The attention tab: heads, rows, aggregates.</summary>
[Collection(typeof(InBrowser))]
public sealed class AttentionTests(BrowserFixture browser)
{
    private const string Text = "not bad at all";

    [Fact]
    public async Task Every_head_of_every_layer_can_be_chosen()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("attention", Text);
        await Assertions.Expect(explorer.Panel.Locator(".head")).ToHaveCountAsync(6 * 12);

        await explorer.Panel.GetByLabel("Layer 3, head 7", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(explorer.Panel.Locator(".head[aria-current=true]")).ToHaveAttributeAsync("data-key", "head:3.7");
        await Assertions.Expect(explorer.Panel.Locator(".heat figcaption")).ToHaveTextAsync("Layer 3, head 7: weights");

        // The row under the pointer is the API's row.
        await explorer.Panel.Locator(".token").Nth(2).HoverAsync();
        var answer = await browser.AskAsync(
            "/attention",
            new
            {
                text = Text,
                layers = new[] { 3 },
                heads = new[] { 7 },
            }
        );
        var row = answer.GetProperty("attention")[0][0][2].EnumerateArray().Select(weight => weight.GetDouble().ToString("F2", null));
        await Assertions.Expect(explorer.Panel.Locator(".side.right .weight")).ToHaveTextAsync(row);
        await Assertions.Expect(explorer.Panel.Locator(".between .readout")).ToHaveTextAsync(new Regex("^bad looks at "));
    }

    [Fact]
    public async Task Focus_shows_a_tokens_row_as_the_pointer_does()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("attention", Text);

        await explorer.Panel.Locator(".token").First.FocusAsync();
        await explorer.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(explorer.Panel.Locator(".token[aria-selected=true]")).ToHaveTextAsync("not");
        await Assertions.Expect(explorer.Panel.Locator(".between .readout")).ToHaveTextAsync(new Regex("^not looks at "));
    }

    [Theory]
    [InlineData("rollout")]
    [InlineData("flow")]
    [InlineData("gradient_relevance")]
    public async Task Aggregates_colour_the_text_by_the_scores_of_the_API(string aggregate)
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("attention", Text);
        await explorer.Panel.Locator("[name=aggregate]").SelectOptionAsync(aggregate);
        await Assertions.Expect(explorer.Panel.Locator(".word[data-score]")).ToHaveCountAsync(4);

        var answer = await browser.AskAsync("/attention", new { text = Text, aggregate });
        var scores = answer.GetProperty("scores").EnumerateArray().Select(score => score.GetDouble()).ToArray();
        await explorer.AssertScoresAsync(Text.Split(' ').Zip(scores[1..^1]));
    }

    [Fact]
    public async Task What_a_model_writes_is_named_as_what_it_reads_is()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("attention", "This movie is", ("model", "gpt-reviews"), ("target.new_tokens", "3"));
        var answer = await browser.AskAsync(
            "/attention",
            new
            {
                model = "gpt-reviews",
                text = "This movie is",
                max_new_tokens = 3,
            }
        );
        var names = new[] { "tokens", "generated" }
            .SelectMany(list => answer.GetProperty(list).EnumerateArray())
            .Select(token => token.GetProperty("text").GetString()!.Trim());
        // The last token is written and not read.
        await Assertions.Expect(explorer.Panel.Locator(".side.left .token")).ToHaveTextAsync(names.SkipLast(1));
    }

    [Fact]
    public async Task By_word_the_words_have_the_scores_of_the_API()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("attention", "unbelievably bad", ("attention.aggregate", "rollout"), ("granularity", "word"));
        var answer = await browser.AskAsync(
            "/attention",
            new
            {
                text = "unbelievably bad",
                aggregate = "rollout",
                granularity = "word",
            }
        );
        await explorer.AssertScoresAsync(
            answer
                .GetProperty("units")
                .EnumerateArray()
                .Where(unit => unit.GetProperty("text").GetString()!.Length > 0)
                .Select(unit => (unit.GetProperty("text").GetString()!, unit.GetProperty("score").GetDouble()))
        );
    }

    [Fact]
    public async Task A_long_text_asks_for_one_head_at_a_time()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("attention", string.Join(' ', Enumerable.Repeat("a film of some length", 30)));
        await explorer.Panel.GetByText("each head is fetched when it is chosen").WaitForAsync();

        await explorer.Panel.GetByLabel("Layer 1, head 2", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(explorer.Panel.Locator(".heat figcaption")).ToHaveTextAsync("Layer 1, head 2: weights");
        Assert.Empty(explorer.Errors);
    }
}
