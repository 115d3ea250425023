using ExplainService.Methods.Attention;

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
    public async Task Attention_of_a_text_without_a_mask_is_that_of_one_with_a_target(string aggregate)
    {
        var any = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model = "bert-mlm",
                text = Text,
                aggregate,
            }
        );
        var named = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model = "bert-mlm",
                text = Text,
                aggregate,
                target = new { token = 2 },
            }
        );
        Assert.Equal(aggregate == "none", any.Attention is not null);
        Assert.Equal(aggregate != "none", any.Matrix is not null);
        Assert.Equal(named.Attention, any.Attention);
        Assert.Equal(named.Matrix, any.Matrix);
        Assert.Null(any.Target);
    }

    [Fact]
    public async Task Relevance_without_a_target_is_refused() =>
        Assert.Equal(
            ["target.token"],
            await service.RefusedFieldsAsync(
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
