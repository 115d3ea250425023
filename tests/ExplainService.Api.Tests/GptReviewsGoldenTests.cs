using ExplainService.Goldens;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;
using static ExplainService.Api.Tests.JsonNumbers;

namespace ExplainService.Api.Tests;

/// <summary>PyTorch's greedy continuations of three prompts, and what of prompt and earlier tokens each token comes from.</summary>
public sealed class GptReviewsGoldenTests(Service service) : IClassFixture<Service>
{
    [Theory]
    [InlineData("00.json")]
    [InlineData("01.json")]
    [InlineData("02.json")]
    public async Task Continuations_and_their_input_times_gradient_are_those_of_PyTorch(string file)
    {
        using var golden = ReferenceData.Json("goldens", "gpt-reviews", file);
        var root = golden.RootElement;
        var text = root.GetProperty("text").GetString();
        var expected = root.GetProperty("generated").EnumerateArray().ToArray();
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "gpt-reviews",
                text,
                method = "input_x_gradient",
                max_new_tokens = expected.Length,
            }
        );
        var generated = answer.Generated!.ToArray();

        Assert.Equal(Objective.LogProbability, answer.Objective);
        Assert.Equal(root.GetProperty("greedy_text").GetString(), answer.Prediction!.Text);
        Assert.Equal(expected.Length, generated.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].GetProperty("token_id").GetInt32(), generated[i].TokenId);
            Assert.Equal(expected[i].GetProperty("token").GetString(), generated[i].Token);
            Assert.Equal(expected[i].GetProperty("text").GetString(), generated[i].Text);
            Assert.Equal(expected[i].GetProperty("log_probability").GetDouble(), generated[i].Score!.Value, 1e-4);
            Assert.Equal(Math.Exp(expected[i].GetProperty("log_probability").GetDouble()), generated[i].Probability, 1e-4);
            var prompt = Numbers(expected[i].GetProperty("input_x_gradient_prompt"));
            var earlier = Numbers(expected[i].GetProperty("input_x_gradient_generated"));
            var tolerance = 1e-3 * prompt.Concat(earlier).Max(Math.Abs);
            Near(prompt, generated[i].Scores!, tolerance);
            Near(earlier, generated[i].GeneratedScores!, tolerance);
        }
    }
}
