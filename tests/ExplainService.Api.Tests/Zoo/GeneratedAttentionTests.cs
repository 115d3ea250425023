using ExplainService.Methods.Attention;
using static ExplainService.Api.Tests.JsonNumbers;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Attention of generated tokens: their rows of the maps that the same answer shows.</summary>
public sealed class GeneratedAttentionTests(ZooService service) : IClassFixture<ZooService>
{
    private const string Text = "the acting is worse than that of the first film";

    [Fact]
    public async Task A_causal_token_has_its_row_of_self_attention()
    {
        var answer = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model = "gpt2-lm",
                text = Text,
                aggregate = "mean",
                max_new_tokens = 3,
            }
        );
        var tokens = answer.Tokens.Count;
        foreach (var (token, index) in answer.Generated!.Select((token, index) => (token, index)))
        {
            var row = Numbers(answer.Matrix![tokens - 1 + index]);
            Near(row[..tokens], token.Scores!);
            Near(row[tokens..(tokens + index)], token.GeneratedScores!);
            Assert.Equal(1, row[..(tokens + index)].Sum(), 1e-4);
        }
    }

    [Theory]
    [InlineData("t5-s2s", "cross")]
    [InlineData("bart-s2s", "decoder")]
    [InlineData("t5-s2s", "self")]
    public async Task A_seq2seq_token_has_its_rows_of_cross_and_decoder_attention(string model, string kind)
    {
        var target = new { token_ids = new[] { 5, 9, 12 } };
        var answer = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model,
                text = Text,
                kind,
                target,
            }
        );
        var cross = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model,
                text = Text,
                kind = "cross",
                aggregate = "mean",
                target,
            }
        );
        var decoder = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model,
                text = Text,
                kind = "decoder",
                aggregate = "mean",
                target,
            }
        );
        foreach (var (token, index) in answer.Generated!.Select((token, index) => (token, index)))
        {
            Near(Numbers(cross.Matrix![index]), token.Scores!);
            Near(Numbers(decoder.Matrix![index])[1..(index + 1)], token.GeneratedScores!);
        }
    }

    [Fact]
    public async Task Rollout_and_relevance_give_the_text_s_tokens_the_mean_over_generated_ones()
    {
        foreach (var aggregate in new[] { "rollout", "gradient_relevance" })
        {
            var answer = await service.AskAsync<AttentionAnswer>(
                "/attention",
                new
                {
                    model = "gpt2-lm",
                    text = Text,
                    aggregate,
                    max_new_tokens = 2,
                }
            );
            var rows = answer.Generated!.Select(token => token.Scores!).ToArray();
            var scores = answer.Scores!;
            Assert.Equal(answer.Tokens.Count, scores.Length);
            Near([.. rows[0].Zip(rows[1], (a, b) => (a + b) / 2)], scores);
        }
    }

    [Fact]
    public async Task What_an_encoder_and_decoder_have_no_row_for_is_refused()
    {
        Assert.Equal(
            ["aggregate"],
            await service.RefusedFieldsAsync(
                "/attention",
                new
                {
                    model = "t5-s2s",
                    text = Text,
                    aggregate = "gradient_relevance",
                }
            )
        );
        Assert.Equal(
            ["aggregate"],
            await service.RefusedFieldsAsync(
                "/attention",
                new
                {
                    model = "t5-s2s",
                    text = Text,
                    kind = "cross",
                    aggregate = "rollout",
                }
            )
        );
        Assert.Equal(
            ["kind"],
            await service.RefusedFieldsAsync(
                "/attention",
                new
                {
                    model = "gpt2-lm",
                    text = Text,
                    kind = "cross",
                }
            )
        );
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
