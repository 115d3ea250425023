using System.Text.Json;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Every method tells what earlier generated tokens have to do with later ones, the text being as it is.</summary>
public sealed class GeneratedScoresTests(ZooService service) : IClassFixture<ZooService>
{
    private const string Text = "the acting is worse than that of the first film";

    [Theory]
    [InlineData("gpt2-lm", "/shap", "{}")]
    [InlineData("gpt2-lm", "/shap", """{"algorithm": "kernel", "max_evaluations": 90}""")]
    [InlineData("t5-s2s", "/shap", """{"algorithm": "partition"}""")]
    [InlineData("bart-s2s", "/shap", """{"granularity": ["sentence", "word"], "replacement": "delete"}""")]
    [InlineData("llama-lm", "/lime", """{"samples": 40}""")]
    [InlineData("t5-s2s", "/lime", "{}")]
    [InlineData("gpt2-lm", "/permutation", "{}")]
    [InlineData("t5-s2s", "/permutation", """{"background": ["a film"]}""")]
    [InlineData("gpt2-lm", "/occlusion", """{"replacement": {"text": "two words"}}""")]
    [InlineData("t5-s2s", "/occlusion", """{"replacement": "delete"}""")]
    [InlineData("gpt2-lm", "/saliency", """{"method": "smooth_grad", "samples": 3}""")]
    [InlineData("bart-s2s", "/attention", """{"aggregate": "mean"}""")]
    public async Task Every_generated_token_has_a_score_for_each_before_it(string model, string path, string options)
    {
        var request = JsonSerializer.Deserialize<Dictionary<string, object>>(options)!;
        (request["model"], request["text"], request["max_new_tokens"]) = (model, Text, 5);
        var generated = (await service.AskAsync<Explanation>(path, request)).Generated!.ToArray();
        Assert.True(generated.Length > 2);
        foreach (var (index, token) in generated.Index())
        {
            Assert.Equal(index, token.GeneratedScores!.Length);
            Assert.True(index < 2 || token.GeneratedScores!.Any(score => score != 0));
        }
    }

    [Theory]
    [InlineData("gpt2-lm", "<|endoftext|>", 0)]
    [InlineData("t5-s2s", "<pad>", 0)]
    public async Task Shapley_values_of_earlier_tokens_are_what_all_their_coalitions_make_them(string model, string removed, int position)
    {
        var absent = (await service.AskAsync<TokenizeAnswer>("/tokenize", new { model, text = removed })).Tokens[position].Id;
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                model,
                text = Text,
                target = new { token_ids = new[] { 17, 25, 40 } },
            }
        );
        var scores = answer.Generated![2].GeneratedScores!;
        var (both, first, second, none) = (
            await LastAsync(17, 25),
            await LastAsync(17, absent),
            await LastAsync(absent, 25),
            await LastAsync(absent, absent)
        );
        Assert.Equal(((both - second) + (first - none)) / 2, scores[0], 1e-4);
        Assert.Equal(((both - first) + (second - none)) / 2, scores[1], 1e-4);

        async Task<double> LastAsync(int one, int other) => (
                await service.AskAsync<PredictAnswer>(
                    "/predict",
                    new
                    {
                        model,
                        text = Text,
                        target = new { token_ids = new[] { one, other, 40 } },
                    }
                )
            ).Generated![2].Score!.Value;
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(40, false)]
    public async Task A_surrogate_of_fewer_samples_than_generated_tokens_says_so(int samples, bool expected)
    {
        var answer = await service.AskAsync<LimeAnswer>(
            "/lime",
            new
            {
                model = "gpt2-lm",
                text = Text,
                max_new_tokens = 12,
                samples,
                granularity = "sentence",
            }
        );
        Assert.True(answer.Generated!.Count > 6);
        var decided = answer.WarningCodes.Zip(answer.Warnings).Where(warning => warning.First == "penalty_decides");
        Assert.Equal(expected, decided.Any(warning => warning.Second.Contains("earlier generated tokens", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(1100)]
    public async Task The_budget_holds_for_text_and_generated_tokens_together(int budget)
    {
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                model = "gpt2-lm",
                text = Text,
                max_new_tokens = 12,
                max_evaluations = budget,
            }
        );
        Assert.InRange(answer.Evaluations!.Value, budget / 3, budget);
        Assert.Equal(answer.Value - answer.BaseValue, answer.Units.Sum(unit => unit.Score!.Value), 1e-4);
        var has = answer.Generated![3].GeneratedScores is not null;
        Assert.Equal(has, !answer.WarningCodes.Contains("no_generated_scores"));
        Assert.Equal(budget > 40, has);
    }
}
