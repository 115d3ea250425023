using ExplainService.Methods.Saliency;
using Xunit;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>‖g‖, where the gradient is known (<see cref="DifferentiableModel"/>).</summary>
public sealed class GradientTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData(GradientNorm.L2, 1)]
    [InlineData(GradientNorm.L1, 2)]
    [InlineData(GradientNorm.MeanAbs, 3)]
    public async Task A_token_scores_the_norm_of_its_gradient(GradientNorm? norm, int which)
    {
        var scores = await DifferentiableModel.AttributeAsync(
            new SaliencyRequest
            {
                Text = "x",
                Method = "gradient",
                Norm = norm,
            },
            [1, -2]
        );

        // g = (1, 2), 2 · (−2, −4).
        double[] expected = which switch
        {
            1 => [Math.Sqrt(5), 2 * Math.Sqrt(20)],
            2 => [3, 12],
            _ => [1.5, 6],
        };
        Assert.Equal(expected, scores.Tokens);
    }
}
