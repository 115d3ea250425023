using ExplainService.Methods.Saliency;
using Xunit;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>Σ_d e_d g_d, where the gradient is known (<see cref="DifferentiableModel"/>).</summary>
public sealed class InputXGradientTests
{
    private static readonly SaliencyRequest Request = new() { Text = "x", Method = "input_x_gradient" };

    [Fact]
    public async Task A_token_scores_its_embedding_times_its_gradient()
    {
        var scores = await DifferentiableModel.AttributeAsync(Request, [1, -2]);

        // e = (1, 2), (−2, −4); g = (1, 2), 2 · (−2, −4).
        Assert.Equal([1 + 4, 2 * (4 + 16)], scores.Tokens);
        Assert.Empty(scores.Decoder);
        Assert.Equal(0.5 * 5 + 20, scores.Value);
    }

    [Fact]
    public async Task Tokens_of_a_decoder_score_alike()
    {
        var scores = await DifferentiableModel.AttributeAsync(Request, [1], 3, 0);

        Assert.Equal([5], scores.Tokens);
        Assert.Equal([9 + 36, 0], scores.Decoder);
    }
}
