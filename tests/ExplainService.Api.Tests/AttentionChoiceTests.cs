using ExplainService.Methods.Attention;
using static ExplainService.Api.Tests.JsonNumbers;

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
        var sorted = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                text = Text,
                aggregate,
                layers = new[] { 1, 3, 4 },
            }
        );
        var asked = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                text = Text,
                aggregate,
                layers = new[] { 4, 1, 3 },
            }
        );
        Assert.Equal(Flat(sorted.Matrix!), Flat(asked.Matrix!), (a, b) => Math.Abs(a - b) <= 1e-6);
    }

    [Fact]
    public async Task Maps_come_in_the_order_of_the_request()
    {
        var all = (await service.AskAsync<AttentionAnswer>("/attention", new { text = Text })).Attention!;
        var chosen = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                text = Text,
                layers = new[] { 3, 1 },
                heads = new[] { 5, 0 },
            }
        );
        Assert.Equal([3, 1], chosen.Layers);
        Assert.Equal(Flat(all[3][5]), Flat(chosen.Attention![0][0]), (a, b) => Math.Abs(a - b) <= 1e-6);
        Assert.Equal(Flat(all[1][0]), Flat(chosen.Attention![1][1]), (a, b) => Math.Abs(a - b) <= 1e-6);
    }
}
