using ExplainService.Goldens;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>Greedy generations against PyTorch's.</summary>
public sealed class GenerationTests(BundledModelFixture models) : IClassFixture<BundledModelFixture>
{
    [Theory]
    [InlineData("00.json")]
    [InlineData("01.json")]
    [InlineData("02.json")]
    public async Task The_bundled_causal_model_continues_as_in_PyTorch(string file)
    {
        var runner = (await models.Registry.GetAsync("gpt-reviews", CancellationToken.None)).Runner;
        using var golden = ReferenceData.Json("goldens", "gpt-reviews", file);
        int[] prompt = [.. golden.RootElement.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32())];
        int[] expected =
        [
            .. golden.RootElement.GetProperty("generated").EnumerateArray().Select(token => token.GetProperty("token_id").GetInt32()),
        ];
        var generated = await runner.GenerateAsync(
            new TokenRow { Ids = prompt },
            expected.Length,
            new WorkOptions(),
            CancellationToken.None
        );
        Assert.Equal(expected, generated);
    }

    [Fact]
    public async Task A_model_that_classifies_generates_nothing()
    {
        var runner = await models.MiniLmAsync();
        await Assert.ThrowsAsync<NotSupportedByModelException>(() =>
            runner.GenerateAsync(new TokenRow { Ids = [101, 102] }, 3, new WorkOptions(), CancellationToken.None)
        );
    }
}
