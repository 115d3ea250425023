using ExplainService.Methods.Saliency;

namespace ExplainService.Api.Tests;

/// <summary>Relevance of what a causal model says: each token's is that of the same token asked for alone behind the same words.</summary>
public sealed class GeneratedRelevanceTests(Service service) : IClassFixture<Service>
{
    private const string Text = "This movie is";

    [Theory]
    [InlineData("cp_lrp")]
    [InlineData("attn_lrp")]
    public async Task Every_token_of_a_continuation_has_the_relevance_it_has_alone(string method)
    {
        var both = await AskAsync(method, Text, " very good");
        var first = await AskAsync(method, Text, " very");
        var second = await AskAsync(method, Text + " very", " good");

        Assert.Equal(2, both.Generated!.Count);
        AssertSame(first.Tokens.Scores(), [.. both.Generated[0].Scores!]);
        AssertSame(second.Tokens.Scores(), [.. both.Generated[1].Scores!, both.Generated[1].GeneratedScores![0]]);
        Assert.NotNull(both.Frozen);
        Assert.All(
            both.Tokens.Scores().Index(),
            token => Assert.Equal(both.Generated.Sum(said => said.Scores![token.Index]), token.Item, 1e-4)
        );
    }

    [Theory]
    [InlineData("cp_lrp")]
    [InlineData("attn_lrp")]
    public async Task Relevance_of_a_continuation_may_be_averaged_over_a_path(string method)
    {
        var answer = await AskAsync(method, Text, " very good", steps: 3);
        var one = await AskAsync(method, Text, " very good");
        Assert.Equal((3, 1), (answer.Steps, one.Steps));
        Assert.Contains(answer.Tokens.Scores().Zip(one.Tokens.Scores()), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    private static void AssertSame(double[] expected, double[] scores)
    {
        Assert.Equal(expected.Length, scores.Length);
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-3 * largest));
    }

    private Task<SaliencyAnswer> AskAsync(string method, string text, string continuation, int? steps = null) =>
        service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "gpt-reviews",
                text,
                method,
                steps,
                target = new { continuation },
            }
        );
}
