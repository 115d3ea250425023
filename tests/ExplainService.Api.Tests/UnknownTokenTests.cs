using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Tests;

/// <summary>Text that the model cannot see says so.</summary>
public sealed class UnknownTokenTests(Service service) : IClassFixture<Service>
{
    private const string Model = "minilm-sst2";

    [Theory]
    [InlineData("🤗", "1 of 1 tokens is unknown to this model.")]
    [InlineData("🤗 🤗", "2 of 2 tokens are unknown to this model.")]
    [InlineData("a 🤗 film", "1 of 3 tokens is unknown to this model.")]
    public async Task An_answer_tells_how_many_tokens_are_unknown_and_which(string text, string warning)
    {
        foreach (var path in new[] { "/tokenize", "/predict", "/occlusion" })
        {
            var answer = await service.AskAsync<Explanation>(path, new { model = Model, text });
            Assert.Equal(warning, answer.WarningOf("unknown_tokens"));
            Assert.All(answer.Tokens, token => Assert.Equal(token.Token == "[UNK]", token.Unknown == true));
        }
    }

    [Theory]
    [InlineData(Model, "a gripping, funny film!")]
    [InlineData("gpt-reviews", "a 🤗 film <|endoftext|>")]
    public async Task Nothing_is_said_of_texts_that_are_known(string model, string text)
    {
        var answer = await service.AskAsync<TokenizeAnswer>("/tokenize", new { model, text });
        Assert.DoesNotContain("unknown_tokens", answer.WarningCodes);
        Assert.All(answer.Tokens, token => Assert.Null(token.Unknown));
    }

    [Fact]
    public async Task Words_that_share_a_token_are_one_unit()
    {
        var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { model = Model, text = "I like 🤗Hub a lot" });
        Assert.Equal(["I", "like", "🤗Hub", "a", "lot"], answer.Units.Select(unit => unit.Text));
    }
}
