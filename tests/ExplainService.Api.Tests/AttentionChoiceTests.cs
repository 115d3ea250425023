using System.Text.Json;

namespace ExplainService.Api.Tests;

/// <summary>Layers and heads that a request chooses.</summary>
public sealed class AttentionChoiceTests(Service service) : IClassFixture<Service>
{
    private const string Text = "a gripping, funny film";

    [Theory]
    [InlineData("rollout")]
    [InlineData("flow")]
    [InlineData("gradient_relevance")]
    public async Task What_goes_through_the_layers_goes_through_them_in_the_model_s_order(string aggregate)
    {
        var sorted = await service.AskAsync(
            "/attention",
            new
            {
                text = Text,
                aggregate,
                layers = new[] { 1, 3, 4 },
            }
        );
        var asked = await service.AskAsync(
            "/attention",
            new
            {
                text = Text,
                aggregate,
                layers = new[] { 4, 1, 3 },
            }
        );
        Assert.Equal(Numbers(sorted.GetProperty("matrix")), Numbers(asked.GetProperty("matrix")), (a, b) => Math.Abs(a - b) <= 1e-6);
    }

    [Fact]
    public async Task Maps_come_in_the_order_of_the_request()
    {
        var all = (await service.AskAsync("/attention", new { text = Text })).GetProperty("attention");
        var chosen = await service.AskAsync(
            "/attention",
            new
            {
                text = Text,
                layers = new[] { 3, 1 },
                heads = new[] { 5, 0 },
            }
        );
        Assert.Equal("[3,1]", chosen.GetProperty("layers").GetRawText());
        Assert.Equal(Numbers(all[3][5]), Numbers(chosen.GetProperty("attention")[0][0]), (a, b) => Math.Abs(a - b) <= 1e-6);
        Assert.Equal(Numbers(all[1][0]), Numbers(chosen.GetProperty("attention")[1][1]), (a, b) => Math.Abs(a - b) <= 1e-6);
    }

    private static double[] Numbers(JsonElement matrix) =>
        [.. matrix.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(number => number.GetDouble())];
}
