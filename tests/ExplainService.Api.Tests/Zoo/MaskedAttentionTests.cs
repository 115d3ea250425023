namespace ExplainService.Api.Tests.Zoo;

/// <summary>Maps of a masked language model need no mask: nothing is predicted.</summary>
public sealed class MaskedAttentionTests(ZooService service) : IClassFixture<ZooService>
{
    private const string Text = "a gripping, funny film!";

    [Theory]
    [InlineData("none")]
    [InlineData("mean")]
    [InlineData("rollout")]
    [InlineData("flow")]
    public async Task Attention_is_shown_of_any_text(string aggregate)
    {
        var any = await service.AskAsync(
            "/attention",
            new
            {
                model = "bert-mlm",
                text = Text,
                aggregate,
            }
        );
        var named = await service.AskAsync(
            "/attention",
            new
            {
                model = "bert-mlm",
                text = Text,
                aggregate,
                target = new { token = 2 },
            }
        );
        var field = aggregate == "none" ? "attention" : "matrix";
        Assert.Equal(named.GetProperty(field).GetRawText(), any.GetProperty(field).GetRawText());
        Assert.False(any.TryGetProperty("target", out _));
    }

    [Fact]
    public async Task Relevance_is_that_of_a_target() =>
        Assert.Equal(
            ["target.token"],
            await service.RefuseAsync(
                "/attention",
                new
                {
                    model = "bert-mlm",
                    text = Text,
                    aggregate = "gradient_relevance",
                }
            )
        );
}
