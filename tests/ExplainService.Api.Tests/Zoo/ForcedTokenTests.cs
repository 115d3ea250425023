using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Tokens that generation settings put into a generation, whatever the model says: they are told and not explained.</summary>
public sealed class ForcedTokenTests(ZooService service) : IClassFixture<ZooService>
{
    private const string Text = "the acting is worse than that of the first film";

    [Fact]
    public async Task The_forced_end_of_a_generation_is_no_part_of_f()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "bart-s2s",
                text = Text,
                max_new_tokens = 4,
            }
        );
        var generated = answer.Generated!;
        Assert.Equal([null, null, null, true], generated.Select(token => token.Forced));
        Assert.Equal(generated.Take(3).Sum(token => token.Score!.Value), answer.Value, 1e-4);

        // What is said before does not depend on where the limit is.
        var longer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "bart-s2s",
                text = Text,
                target = new { token_ids = generated.Take(3).Select(token => token.TokenId) },
            }
        );
        Assert.Equal(longer.Value, answer.Value, 1e-4);
        Assert.All(longer.Units.Scores().Zip(answer.Units.Scores()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public async Task Gradients_of_a_generation_leave_the_forced_token_out()
    {
        var answer = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "bart-s2s",
                text = Text,
                method = "input_x_gradient",
                max_new_tokens = 3,
            }
        );
        var chosen = answer.Generated!.Where(token => token.Forced != true).ToArray();
        Assert.Equal(2, chosen.Length);
        var sums = answer.Tokens.Select((_, token) => chosen.Sum(said => said.Scores![token]));
        Assert.All(sums.Zip(answer.Tokens.Scores()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public async Task A_generation_that_is_forced_alone_is_explained_for_want_of_another()
    {
        var token = Assert.Single(
            (
                await service.AskAsync<PredictAnswer>(
                    "/predict",
                    new
                    {
                        model = "bart-s2s",
                        text = Text,
                        max_new_tokens = 1,
                    }
                )
            ).Generated!
        );
        Assert.True(token.Forced);
        Assert.NotNull(token.Score);
    }

    [Theory]
    [InlineData("bart-s2s", """{"target": {"token_ids": [5, 9, 2]}}""")]
    [InlineData("t5-s2s", """{"max_new_tokens": 3}""")]
    [InlineData("gpt2-lm", """{"max_new_tokens": 3}""")]
    public async Task Tokens_that_are_given_or_chosen_are_not_forced(string model, string options)
    {
        var request = System.Text.Json.Nodes.JsonNode.Parse(options)!.AsObject();
        (request["model"], request["text"]) = (model, Text);
        Assert.All((await service.AskAsync<PredictAnswer>("/predict", request)).Generated!, token => Assert.Null(token.Forced));
    }
}
