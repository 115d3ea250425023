using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Methods beside each other: what the page shows is what <c>/compare</c> says, and is asked once.</summary>
[Collection(typeof(InBrowser))]
public sealed class ComparisonTests(BrowserFixture browser)
{
    private const string Text = "a gripping film, but far too long";

    private static readonly string[] Methods = ["Occlusion", "Integrated gradients", "Shapley values"];

    private static readonly (string, string)[] Chosen =
    [
        ("comparison.input_x_gradient", "false"),
        ("comparison.gradient_relevance", "false"),
    ];

    [Fact]
    public async Task The_verdict_the_table_and_the_curves_are_those_of_the_service()
    {
        await using var explorer = await browser.NewPageAsync();
        var asked = explorer.Page.WaitForRequestAsync("**/compare");
        await explorer.OpenTabAsync("comparison", Text, Chosen);
        var request = JsonDocument.Parse((await asked).PostData!).RootElement;
        var answer = await browser.AskAsync("/compare", request);
        var methods = answer.GetProperty("methods").EnumerateArray().ToArray();
        Assert.Equal(3, methods.Length);

        await Assertions
            .Expect(explorer.Panel.Locator(".decision"))
            .ToHaveTextAsync(answer.GetProperty("recommendation").GetProperty("reason").GetString()!);
        var recommended = answer.GetProperty("recommendation").GetProperty("name").GetString()!;
        await Assertions.Expect(explorer.Panel.Locator(".faithful .recommended th")).ToHaveTextAsync(recommended);

        // Five metrics under two replacements, as the service has them.
        var shown = await explorer
            .Panel.Locator(".faithful tbody td")
            .EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.dataset.value)");
        var expected = methods.SelectMany(method =>
            new[] { "area", "comprehensiveness", "sufficiency", "deletion_auc", "insertion_auc" }.SelectMany(metric =>
                new[] { "mask", "delete" }.Select(replacement =>
                    method.GetProperty("metrics").GetProperty(metric).GetProperty(replacement).GetProperty("value").GetDouble()
                )
            )
        );
        Assert.All(expected.Zip(shown), pair => Assert.Equal(pair.First, double.Parse(pair.Second, CultureInfo.InvariantCulture), 1e-4));
        Assert.Equal(30, shown.Length);

        // A curve each way for each method, each with the band of random orders.
        await Assertions.Expect(explorer.Panel.Locator(".small-curves svg")).ToHaveCountAsync(3);
        await Assertions.Expect(explorer.Panel.Locator(".small-curves polyline")).ToHaveCountAsync(6);
        await Assertions.Expect(explorer.Panel.Locator(".small-curves .band")).ToHaveCountAsync(6);

        // The words' scores are those of the answer's own explanations.
        var scores = await explorer
            .Panel.Locator(".compare:not(.faithful) tbody td[data-value]")
            .EvaluateAllAsync<double[]>("cells => cells.map(cell => Number(cell.dataset.value))");
        var explanations = answer.GetProperty("explanations").EnumerateArray().ToArray();
        var units = explanations[0].GetProperty("units").GetArrayLength();
        var own = Enumerable
            .Range(0, units)
            .SelectMany(unit => explanations.Select(one => one.GetProperty("units")[unit].GetProperty("score").GetDouble()));
        Assert.All(own.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        await explorer.ScreenshotAsync("comparison-verdict");
        Assert.Empty(explorer.Errors);
    }

    [Fact]
    public async Task Every_method_is_computed_once()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("comparison", Text, Chosen);
        await explorer.Panel.Locator(".decision").WaitForAsync();
        Assert.Single(explorer.Requests, url => url.EndsWith("/compare", StringComparison.Ordinal));
        Assert.DoesNotContain(explorer.Requests, url => Regex.IsMatch(url, "/(saliency|occlusion|shap)$"));
    }

    [Fact]
    public async Task Where_they_cannot_be_compared_each_is_shown_by_itself()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.Page.RouteAsync(
            "**/compare",
            route =>
                route.FulfillAsync(
                    new()
                    {
                        Status = 422,
                        ContentType = "application/problem+json",
                        Body = """{"title": "No", "status": 422, "detail": "There is no verdict on this."}""",
                    }
                )
        );
        await explorer.OpenTabAsync("comparison", Text, Chosen);
        await Assertions
            .Expect(explorer.Panel.Locator(".warnings").First)
            .ToContainTextAsync("Which is the most faithful is not known: There is no verdict on this.");
        await Assertions.Expect(explorer.Panel.Locator(".compare thead th")).ToHaveTextAsync(["Word", .. Methods]);
        await Assertions.Expect(explorer.Panel.Locator(".decision")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("neurons", "neurons.neuron", "5.99999")]
    [InlineData("neurons", "neurons.neuron", "77.1")]
    [InlineData("counterfactual", "counterfactual.to", "B-PER")]
    public async Task What_was_chosen_of_another_model_is_not_asked_of_this_one(string tab, string option, string value)
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync(tab, Text, (option, value));
        await explorer.Panel.Locator(".stage-text").First.WaitForAsync();
        await Assertions.Expect(explorer.Panel.Locator(".problem")).ToHaveCountAsync(0);
        Assert.Empty(explorer.Errors);
    }
}
