using ExplainService.Methods.Contracts;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>Σ_d e_d g̃_d, at the text or over a path to it, where the gradient is known (<see cref="DifferentiableModel"/>).</summary>
public sealed class RelevanceTests
{
    public static TheoryData<string> Methods => ["cp_lrp", "attn_lrp"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_token_scores_its_embedding_times_its_gradient(string method)
    {
        var scores = await DifferentiableModel.AttributeAsync(Request(method), [1, -2], 3);

        Assert.Equal([1 + 4, 2 * (4 + 16)], scores.Tokens);
        Assert.Equal([9 + 36], scores.Decoder);
        Assert.Equal((0.5 * 5) + 20 + 22.5, scores.Value);
        Assert.Equal(1, scores.Steps);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Over_several_steps_the_gradient_is_averaged_on_the_way_from_the_baseline(string method)
    {
        var zero = Request(method) with { Steps = 3, Baseline = new BaselineRequest(BaselineKind.Zero) };

        // Its mean over a path from 0 is half of that at the end, as it is linear.
        var scores = await DifferentiableModel.AttributeAsync(zero, [1, -2]);
        Assert.Equal([5.0 / 2, 40.0 / 2], scores.Tokens, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(3, scores.Steps);

        // The same by the trapezoid rule, whose two points are the ends.
        scores = await DifferentiableModel.AttributeAsync(zero with { Steps = 2, Quadrature = QuadratureRule.Trapezoid }, [1, -2]);
        Assert.Equal([5.0 / 2, 40.0 / 2], scores.Tokens, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void The_two_differ_in_their_rules()
    {
        Assert.Equal(Propagation.CpLrp, SaliencyAlgorithms.Of(Request("cp_lrp")).Propagation);
        Assert.Equal(Propagation.AttnLrp, SaliencyAlgorithms.Of(Request("attn_lrp")).Propagation);
    }

    private static SaliencyRequest Request(string method) => new() { Text = "x", Method = method };
}
