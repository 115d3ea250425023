using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Layers, neurons, heads that are switched off: by pointer and by keys, with the numbers of the API.</summary>
[Collection(typeof(InBrowser))]
public sealed class InsideTests(BrowserFixture browser)
{
    private const string Text = "not bad at all";

    [Fact]
    public async Task The_text_is_coloured_by_the_layer_that_is_chosen()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("layers", Text);
        var answer = await browser.AskAsync("/layers", new { text = Text });

        await explorer.Panel.GetByRole(AriaRole.Button, new() { Name = "3", Exact = true }).ClickAsync();
        await Assertions.Expect(explorer.Panel.Locator(".chosen-one[aria-pressed=true]")).ToHaveTextAsync("3");
        await explorer.AssertScoresAsync(
            Text.Split(' ').Select((word, place) => (word, answer.GetProperty("layers")[3].GetProperty("scores")[place + 1].GetDouble()))
        );

        // The keys do what the pointer does.
        await explorer.Page.Keyboard.PressAsync("ArrowRight");
        await explorer.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(explorer.Panel.Locator(".chosen-one[aria-pressed=true]")).ToHaveTextAsync("4");
        Assert.Contains("layers.layer=4", await explorer.Page.EvaluateAsync<string>("location.hash"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lens_says_where_it_was_decided_and_ends_in_the_prediction()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("layers", ExplorerPage.Example, ("layers.method", "lens"));

        await Assertions
            .Expect(explorer.Panel.Locator(".decision"))
            .ToHaveTextAsync(new Regex("^Decided after layer \\d: from there on “positive”"));
        await Assertions.Expect(explorer.Panel.Locator(".lens tbody tr")).ToHaveCountAsync(7);
        await Assertions.Expect(explorer.Panel.Locator(".lens .decided")).ToHaveCountAsync(1);
        var said = await explorer.Page.Locator("#prediction .probability").GetAttributeAsync("data-value");
        var last = await explorer.Panel.Locator(".lens tbody tr:last-child .winner").GetAttributeAsync("data-value");
        Assert.Equal(Number(said), Number(last), 1e-4);
    }

    [Fact]
    public async Task A_lens_of_a_language_model_lists_entries_of_each_layer()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("layers", "This movie is", ("model", "gpt-reviews"), ("layers.method", "lens"), ("layers.top_k", "3"));

        await Assertions.Expect(explorer.Panel.Locator(".lens tbody tr")).ToHaveCountAsync(5);
        await Assertions.Expect(explorer.Panel.Locator(".lens tbody tr").First.Locator("td.pos")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task A_neuron_that_is_pressed_colours_the_text()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("neurons", Text);

        var button = explorer.Panel.GetByRole(AriaRole.Group, new() { Name = "Layer 2" }).Locator(".chosen-one").Last;
        var neuron = await button.GetAttributeAsync("data-value");
        await button.ClickAsync();
        await Assertions.Expect(explorer.Panel.Locator("h3").First).ToHaveTextAsync($"Layer 2, neuron {neuron!.Split('.')[1]}");
        var answer = await browser.AskAsync(
            "/neurons",
            new
            {
                text = Text,
                neurons = new[] { new { layer = 2, neuron = int.Parse(neuron.Split('.')[1], CultureInfo.InvariantCulture) } },
            }
        );
        var tokens = answer.GetProperty("activations")[0].GetProperty("tokens");
        await explorer.AssertScoresAsync(Text.Split(' ').Select((word, place) => (word, tokens[place + 1].GetDouble())));
    }

    [Fact]
    public async Task Factors_and_meanings_come_when_they_are_asked_for()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("neurons", Text);
        await Assertions.Expect(explorer.Panel.Locator(".factors")).ToHaveCountAsync(0);

        await explorer.Panel.Locator("[name=factors]").FillAsync("3");
        await Assertions.Expect(explorer.Panel.Locator(".factors li")).ToHaveCountAsync(3);
        await explorer.Panel.Locator("[name=corpus]").FillAsync("A good film. A bad film. Good good good.");
        await Assertions.Expect(explorer.Panel.Locator(".meaning li")).ToHaveCountAsync(6);
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task A_head_that_is_pressed_is_off_and_the_prediction_is_that_without_it()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("attention", Text, ("attention.aggregate", "ablation"));
        var answer = await browser.AskAsync("/ablation", new { text = Text });
        var drop = answer.GetProperty("heads")[3][7].GetProperty("score").GetDouble();
        var value = answer.GetProperty("value").GetDouble();
        var switched = explorer.Panel.Locator(".switched");
        await Assertions.Expect(explorer.Panel.Locator(".drop")).ToHaveCountAsync(6 * 12);
        await Assertions.Expect(switched).ToContainTextAsync("With every head on the probability of “positive” is ");

        await explorer.Panel.Locator(".drop[data-layer='3'][data-head='7']").ClickAsync();
        await Assertions.Expect(switched).ToContainTextAsync("Layer 3, head 7 is off: the probability of “positive” is ");
        Assert.Equal(value - drop, Number(await switched.Locator("[data-value]").GetAttributeAsync("data-value")), 1e-4);

        // Pressed again it is on.
        await explorer.Panel.Locator(".drop[data-layer='3'][data-head='7']").ClickAsync();
        await Assertions.Expect(switched).ToContainTextAsync("With every head on");
    }

    [Fact]
    public async Task What_is_explained_can_be_this_rather_than_that()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", Text);
        var other = explorer.Page.Locator("#question [name=against_label]");

        // The class that is explained is no other one.
        await Assertions.Expect(other.Locator("option")).ToHaveTextAsync(["no other", "negative"]);
        await other.SelectOptionAsync("0");
        await Assertions.Expect(explorer.Panel.Locator(".explained")).ToContainTextAsync("less that of “negative”");
        var answer = await browser.AskAsync("/occlusion", new { text = Text, against = new { label = 0 } });
        await explorer.AssertScoresAsync(
            answer
                .GetProperty("units")
                .EnumerateArray()
                .Select(unit => (unit.GetProperty("text").GetString()!, unit.GetProperty("score").GetDouble()))
        );

        await explorer.Page.Locator("#question [name=label]").SelectOptionAsync("0");
        await Assertions.Expect(other.Locator("option")).ToHaveTextAsync(["no other", "positive"]);
    }

    [Fact]
    public async Task A_tab_that_was_never_opened_costs_nothing()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", Text);

        Assert.DoesNotContain(explorer.Requests, request => request.EndsWith("/tabs/neurons.js", StringComparison.Ordinal));
        await explorer.Page.Locator("#tab-neurons").ClickAsync();
        await explorer.Panel.Locator(".chosen-one").First.WaitForAsync();
        Assert.Contains(explorer.Requests, request => request.EndsWith("/tabs/neurons.js", StringComparison.Ordinal));
    }

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);
}
