using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Models that generate: what is said, by which f it is explained, and what each token's scores add up to.</summary>
public sealed class GenerationTaskTests(ZooService service) : IClassFixture<ZooService>
{
    private const string Text = "the acting is worse than that of the first film";

    [Fact]
    public async Task A_causal_model_explains_the_next_token()
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { model = "gpt2-lm", text = Text });
        var token = Assert.Single(answer.Generated!);
        Assert.Equal(Objective.LogProbability, answer.Objective);
        Assert.Equal(answer.Prediction!.Index, token.TokenId);
        Assert.Equal(Math.Log(token.Probability), token.Score!.Value, 1e-6);
        Assert.Empty(token.GeneratedScores!);
        Near(answer.Units.Scores(), UnitSums(answer, token));
    }

    [Theory]
    [InlineData("gpt2-lm", "/occlusion")]
    [InlineData("gpt2-lm", "/saliency")]
    [InlineData("llama-lm", "/occlusion")]
    [InlineData("t5-s2s", "/occlusion")]
    [InlineData("t5-s2s", "/saliency")]
    [InlineData("bart-s2s", "/shap")]
    [InlineData("gpt2-lm", "/lime")]
    public async Task Units_sum_over_the_generated_tokens(string model, string path)
    {
        var answer = await service.AskAsync<UnitExplanation>(
            path,
            new
            {
                model,
                text = Text,
                max_new_tokens = 4,
            }
        );
        var generated = answer.Generated!.ToArray();
        Assert.InRange(generated.Length, 1, 4);
        var sums = new double[answer.Units.Scores().Length];
        foreach (var (token, index) in generated.Select((token, index) => (token, index)))
        {
            Assert.Equal(answer.Tokens.Count, token.Scores!.Length);
            sums = token.Forced == true ? sums : [.. sums.Zip(UnitSums(answer, token), (a, b) => a + b)];
            if (path is "/occlusion" or "/saliency")
            {
                Assert.Equal(index, token.GeneratedScores!.Length);
            }
        }

        // Sampled estimators treat the sum as a target of its own.
        Near(answer.Units.Scores(), sums, path == "/shap" ? 1e-2 : 1e-4);
    }

    [Theory]
    [InlineData("gpt2-lm")]
    [InlineData("t5-s2s")]
    public async Task Integrated_gradients_are_complete_for_every_token(string model)
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model,
                text = Text,
                max_new_tokens = 3,
                steps = 800,
            }
        );
        Assert.All(answer.Generated!, token => Assert.InRange(token.CompletenessError!.Value, 0, 0.01));
    }

    [Theory]
    [InlineData("logit")]
    [InlineData("probability")]
    public async Task A_continuation_is_scored_token_by_token_in_one_row(string objective)
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "gpt2-lm",
                text = Text,
                objective,
                target = new { continuation = " and the plot" },
            }
        );
        var ids = answer.Target!.TokenIds!.ToArray();
        var units = answer.Units.Count;
        Assert.Equal(" and the plot", answer.Target!.Text);
        Assert.Equal(" and the plot", string.Concat(answer.Generated!.Select(token => token.Text)));

        // The whole text, one without each unit, and one without each earlier token.
        Assert.Equal(1 + units + ids.Length - 1, answer.Evaluations);

        // Teacher forcing: the last token of the continuation is the next token after a longer text.
        var last = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "gpt2-lm",
                text = Text,
                objective,
                target = new { token_ids = ids },
            }
        );
        Near(answer.Units.Scores(), last.Units.Scores());
        Assert.Equal(answer.Generated!.Sum(token => token.Score!.Value), answer.Value, 1e-4);
    }

    [Theory]
    [InlineData("mask")]
    [InlineData("delete")]
    public async Task Earlier_tokens_are_occluded_one_by_one(string replacement)
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "gpt2-lm",
                text = Text,
                max_new_tokens = 3,
                replacement,
            }
        );
        var drops = answer.Generated![2].GeneratedScores!.ToArray();
        Assert.Equal(2, drops.Length);
        Assert.All(drops, drop => Assert.NotEqual(0, drop));
    }

    [Fact]
    public async Task A_given_text_of_a_seq2seq_model_ends_with_its_end_token()
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "t5-s2s",
                text = Text,
                method = "gradient",
                target = new { text = "the film" },
            }
        );
        Assert.Equal(1, answer.Generated![^1].TokenId);
        var byIds = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "t5-s2s",
                text = Text,
                method = "gradient",
                target = new { token_ids = answer.Target!.TokenIds },
            }
        );
        Near(answer.Units.Scores(), byIds.Units.Scores());
    }

    [Fact]
    public async Task A_continuation_has_its_room_in_the_model()
    {
        var text = string.Concat(Enumerable.Repeat("film ", 85)).Trim();
        var fits = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model = "gpt2-lm",
                text,
                target = new { continuation = " film" },
            }
        );
        Assert.Empty(fits.Warnings);
        var room = 96 - fits.Tokens.Count;
        Assert.Equal(
            ["text"],
            await service.RefusedFieldsAsync(
                "/predict",
                new
                {
                    model = "gpt2-lm",
                    text,
                    target = new { token_ids = Enumerable.Repeat(5, room + 2) },
                }
            )
        );
        var cut = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model = "gpt2-lm",
                text,
                overflow = "truncate",
                target = new { token_ids = Enumerable.Repeat(5, room + 2) },
            }
        );
        Assert.NotEmpty(cut.Unseen!);
        Assert.Equal(
            ["text"],
            await service.RefusedFieldsAsync(
                "/predict",
                new
                {
                    model = "gpt2-lm",
                    text,
                    max_new_tokens = 200,
                }
            )
        );
    }

    [Theory]
    [InlineData("""{"model": "gpt2-lm", "text": "a", "max_new_tokens": 0}""", 400, "max_new_tokens")]
    [InlineData("""{"model": "gpt2-lm", "text": "a", "max_new_tokens": 2, "target": {"continuation": " b"}}""", 400, "max_new_tokens")]
    [InlineData("""{"model": "gpt2-lm", "text": "a", "target": {"continuation": " b", "token_ids": [3]}}""", 400, "target.continuation")]
    [InlineData("""{"model": "gpt2-lm", "text": "a", "target": {"token_ids": []}}""", 400, "target.token_ids")]
    [InlineData("""{"model": "gpt2-lm", "text": "a", "pair": "b"}""", 422, "pair")]
    public async Task Requests_that_mean_two_things_or_none_are_refused(string request, int status, string field) =>
        Assert.Equal([field], await service.RefusedFieldsAsync("/occlusion", request, status));

    [Theory]
    [InlineData("gpt2-lm")]
    [InlineData("gpt2-lm.past")]
    [InlineData("llama-lm")]
    public async Task The_last_generated_token_needs_no_room(string model)
    {
        const int Limit = 96;
        const int New = 4;
        var words = new List<string>();
        int length;
        do
        {
            words.Add("film");
            length = await TokensAsync(string.Join(' ', words));
        } while (length < Limit - New + 1);

        var answer = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model,
                text = string.Join(' ', words),
                max_new_tokens = New,
            }
        );
        Assert.Equal(length, answer.Tokens.Count);
        Assert.Equal(Limit - New + 1, length);
        Assert.Equal(New, answer.Generated!.Count);
        Assert.Equal(
            ["text"],
            await service.RefusedFieldsAsync(
                "/predict",
                new
                {
                    model,
                    text = string.Join(' ', words),
                    max_new_tokens = New + 1,
                }
            )
        );

        async Task<int> TokensAsync(string text) => (await service.AskAsync<TokenizeAnswer>("/tokenize", new { model, text })).Tokens.Count;
    }

    [Fact]
    public async Task What_the_decoder_reads_takes_no_room_of_the_encoder()
    {
        // 60 tokens and longer ones in place of single words: over 96 − 60, and far below 96.
        var answer = await service.AskAsync<PermutationAnswer>(
            "/permutation",
            new
            {
                model = "bart-s2s",
                text = string.Join(' ', Enumerable.Repeat("film", 50)),
                target = new { token_ids = Enumerable.Repeat(5, 60) },
                samples = 1,
                background = new[] { "the acting is worse than that of the first film" },
                spans = new[] { new[] { 0, 4 } },
            }
        );
        Assert.DoesNotContain("replacements_cut", answer.WarningCodes);
    }

    [Fact]
    public async Task Windows_are_refused_where_a_text_would_need_them()
    {
        await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "gpt2-lm",
                text = "a",
                overflow = "window",
            }
        );
        Assert.Equal(
            ["overflow"],
            await service.RefusedFieldsAsync(
                "/occlusion",
                new
                {
                    model = "gpt2-lm",
                    text = string.Join(' ', Enumerable.Repeat("film", 100)),
                    overflow = "window",
                }
            )
        );
    }

    private static double[] UnitSums(UnitExplanation answer, GeneratedToken token) =>
        [.. answer.Units.Select(unit => unit.Tokens.Sum(index => token.Scores![index]))];

    private static void Near(double[] expected, double[] actual, double tolerance = 1e-4)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
