using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>What a number is a number of, by which model, and how sure it is.</summary>
[Collection(typeof(InBrowser))]
public sealed class ExplainedTests(BrowserFixture browser)
{
    private const string Text = "not bad at all";

    /// <summary>Long enough that methods draw samples.</summary>
    private const string Long = "I expected to hate every minute of it, but the music and the pictures are a delight.";

    [Theory]
    [InlineData("saliency", "", "What is explained: the probability of “positive”. Scores are in points of probability.")]
    [InlineData(
        "saliency",
        "saliency.method=gradient",
        "What is explained: the probability of “positive”. Scores are sizes alone, in no unit of it."
    )]
    [InlineData("occlusion", "objective=logit", "What is explained: the logit of “positive”. Scores are in logits.")]
    [InlineData(
        "shapley",
        "objective=log_probability",
        "What is explained: the log probability of “positive”. Scores are in nats (1 is a factor of e)."
    )]
    [InlineData("lime", "target.label=0", "What is explained: the probability of “negative”. Scores are in points of probability.")]
    [InlineData("permutation", "", "What is explained: the probability of “positive”. Scores are in points of probability.")]
    [InlineData("comparison", "", "What is explained: the probability of “positive”. Scores are in points of probability.")]
    [InlineData(
        "attention",
        "attention.aggregate=gradient_relevance",
        "What is explained: the probability of “positive”. Scores are sizes alone, in no unit of it."
    )]
    [InlineData("layers", "", "What is explained: the probability of “positive”. Scores are in points of probability.")]
    [InlineData("layers", "layers.method=lens", "What is explained: the probability of “positive”. Scores are in points of probability.")]
    [InlineData("counterfactual", "", "What is shown: changes of the text, each confirmed by the model itself.")]
    [InlineData("neurons", "", "What is shown: activations of neurons. They are about no target.")]
    [InlineData("neurons", "neurons.by=cp_lrp", "What is explained: the probability of “positive”. Scores are in points of probability.")]
    [InlineData(
        "attention",
        "attention.aggregate=ablation",
        "What is explained: the probability of “positive”. Scores are in points of probability."
    )]
    [InlineData(
        "occlusion",
        "target.against_label=0",
        "What is explained: the log probability of “positive” less that of “negative”. Scores are in nats (1 is a factor of e)."
    )]
    [InlineData("attention", "", "What is shown: attention weights, as shares of 1 for each token that looks. They are about no target.")]
    public async Task Every_tab_says_what_is_explained_in_words_and_unit(string tab, string option, string said)
    {
        await using var explorer = await browser.NewPageAsync();
        var options = option.Split('=') is [var name, var value] ? new[] { (name, value) } : [];
        await explorer.OpenTabAsync(tab, Text, [("shapley.max_evaluations", "64"), .. options]);
        await Assertions.Expect(explorer.Panel.Locator(".explained")).ToHaveTextAsync(said);
    }

    [Fact]
    public async Task A_generation_is_explained_token_by_token()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("generation", "This movie is", ("model", "gpt-reviews"), ("target.new_tokens", "2"));
        await Assertions
            .Expect(explorer.Panel.Locator(".explained"))
            .ToContainTextAsync(new Regex("^What is explained: the .*of each generated token"));
    }

    [Fact]
    public async Task While_a_model_answers_nothing_of_the_other_is_shown()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", Text);
        await explorer.Panel.Locator(".word[data-score]").First.WaitForAsync();
        var answer = new TaskCompletionSource();
        await explorer.Page.RouteAsync(
            "**/predict",
            async route =>
            {
                await answer.Task;
                await route.ContinueAsync();
            }
        );

        await explorer.Page.Locator("#model").SelectOptionAsync("gpt-reviews");
        await Assertions.Expect(explorer.Page.Locator("#prediction")).ToHaveTextAsync("Asking gpt-reviews…");
        await Assertions.Expect(explorer.Page.Locator(".word[data-score], #panels .facts")).ToHaveCountAsync(0);
        answer.SetResult();
        await explorer.Verdict.WaitForAsync();
    }

    [Fact]
    public async Task A_link_to_a_model_that_is_not_there_says_so_until_another_is_chosen()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", Text, ("model", "gone"));
        var facts = explorer.Page.Locator("#model-facts");
        await Assertions.Expect(facts).ToContainTextAsync("a model that is not served here: “gone”. What follows is by minilm-sst2.");
        await explorer.ScreenshotAsync("missing-model");

        await explorer.Page.Locator("#model").SelectOptionAsync("gpt-reviews");
        await Assertions.Expect(facts).Not.ToContainTextAsync("gone");
    }

    [Fact]
    public async Task Comparison_says_how_sure_each_method_is_and_what_it_warns_of()
    {
        await using var explorer = await browser.NewPageAsync();
        await ReplaceAsync("**/predict", "\"warnings\":[]", "\"warnings\":[\"Read me.\"]");
        await ReplaceAsync(
            "**/compare",
            "\"name\":\"Occlusion\",\"endpoint\":",
            "\"name\":\"Occlusion\",\"warnings\":[\"Read me.\"],\"endpoint\":"
        );

        await explorer.OpenTabAsync("comparison", Long, ("comparison.lime", "true"), ("comparison.permutation", "true"));
        await explorer.SettledAsync();

        await Assertions.Expect(explorer.Page.Locator("#prediction .warnings")).ToHaveTextAsync("Read me.");
        await Assertions.Expect(explorer.Panel.Locator(".warnings")).ToContainTextAsync("Occlusion: Read me.");
        await Assertions.Expect(explorer.Panel.Locator("ul.facts")).ToContainTextAsync(new Regex("LIME: .*R² of the surrogate 0\\.\\d+"));
        await Assertions.Expect(explorer.Panel.Locator("ul.facts")).ToContainTextAsync(new Regex("largest standard error 0\\.\\d+"));
        await Assertions.Expect(explorer.Panel.Locator(".compare td small").First).ToHaveTextAsync(new Regex("± 0\\.\\d+"));
        await explorer.ScreenshotAsync("comparison-errors");

        Task ReplaceAsync(string path, string old, string replacement) =>
            explorer.Page.RouteAsync(
                path,
                async route =>
                {
                    var response = await route.FetchAsync();
                    var body = await response.TextAsync();
                    Assert.Contains(old, body, StringComparison.Ordinal);
                    await route.FulfillAsync(
                        new() { Response = response, Body = body.Replace(old, replacement, StringComparison.Ordinal) }
                    );
                }
            );
    }
}
