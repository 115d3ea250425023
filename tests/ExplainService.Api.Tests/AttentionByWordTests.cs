using ExplainService.Methods.Attention;

namespace ExplainService.Api.Tests;

/// <summary>Attention between words: sums over the tokens that are attended to, means over those that attend.</summary>
public sealed class AttentionByWordTests(Service service) : IClassFixture<Service>
{
    private const string Text = "An unforgettable, heartbreaking masterpiece.";

    [Theory]
    [InlineData("minilm-sst2", "{}")]
    [InlineData("minilm-sst2", """{"aggregate": "mean"}""")]
    [InlineData("minilm-sst2", """{"aggregate": "rollout"}""")]
    [InlineData("minilm-sst2", """{"aggregate": "mean", "pair": "It was unsurprisingly dull."}""")]
    [InlineData("gpt-reviews", """{"aggregate": "mean", "max_new_tokens": 3}""")]
    public async Task Maps_by_word_are_those_by_token_summed_over_keys_and_averaged_over_queries(string model, string options)
    {
        var byToken = await AskAsync(model, options, null);
        var byWord = await AskAsync(model, options, "word");
        var units = byWord.Units!;
        Assert.Equal("word", byWord.Granularity);
        Assert.Equal(Enumerable.Range(0, byWord.Tokens.Count), units.SelectMany(unit => unit.Tokens).Order());
        Assert.Contains("unforgettable", units.Select(unit => unit.Text));
        Assert.True(units.Count < byWord.Tokens.Count);

        var (tokens, words) = (Maps(byToken), Maps(byWord));
        Assert.Equal(tokens.Length, words.Length);
        foreach (var (map, merged) in tokens.Zip(words))
        {
            Assert.Equal(units.Count + map.Length - byWord.Tokens.Count, merged.Length);
            Assert.All(merged, row => Assert.Equal(1, row.Sum(), 1e-4));
            foreach (var (query, row) in units.Zip(merged))
            {
                foreach (var (key, weight) in units.Zip(row))
                {
                    Assert.Equal(query.Tokens.Average(from => key.Tokens.Sum(to => map[from][to])), weight, 1e-5);
                }
            }
        }
    }

    [Fact]
    public async Task Scores_by_word_are_sums_of_those_of_its_tokens()
    {
        var byToken = await AskAsync("minilm-sst2", """{"aggregate": "rollout"}""", null);
        var byWord = await AskAsync("minilm-sst2", """{"aggregate": "rollout"}""", "word");
        Assert.Equal(1, byWord.Scores!.Sum(), 1e-4);
        foreach (var (unit, score) in byWord.Units!.Zip(byWord.Scores!))
        {
            Assert.Equal(unit.Tokens.Sum(token => byToken.Scores![token]), score, 1e-9);
            Assert.Equal(score, unit.Score!.Value);
        }
    }

    [Fact]
    public async Task Several_sizes_at_once_are_refused() =>
        Assert.Equal(
            ["granularity"],
            await service.RefusedFieldsAsync("/attention", new { text = Text, granularity = new[] { "sentence", "word" } })
        );

    private static float[][][] Maps(AttentionAnswer answer) =>
        answer.Attention is { } all ? [.. all.SelectMany(heads => heads)] : [answer.Matrix!];

    private Task<AttentionAnswer> AskAsync(string model, string options, string? granularity)
    {
        var request = System.Text.Json.Nodes.JsonNode.Parse(options)!.AsObject();
        (request["model"], request["text"]) = (model, Text);
        if (granularity is not null)
        {
            request["granularity"] = granularity;
        }

        return service.AskAsync<AttentionAnswer>("/attention", request);
    }
}
