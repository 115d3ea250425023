using ExplainService.Methods.Targets;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Methods.Targets;

/// <summary>f over several reads: joint where they are one thing, a sum where they are several.</summary>
public sealed class TargetFunctionTests
{
    private static readonly Logits Table = new([1, 2, 0.5f, -1, 0, 3], 2, 3);

    private static readonly TargetOutput Joint = new([0, 1], [1, 2]);

    [Fact]
    public void Logits_add_up_either_way()
    {
        var scores = new TargetFunction(Objective.Logit, Link.Softmax, [Joint, Joint with { Sums = true }]).Score(Table);
        Assert.Equal([5, 5], scores);
    }

    [Fact]
    public void Probabilities_of_one_thing_multiply_and_of_several_add_up()
    {
        var (first, second) = (Softmax([1, 2, 0.5], 1), Softmax([-1, 0, 3], 2));
        var scores = new TargetFunction(Objective.Probability, Link.Softmax, [Joint, Joint with { Sums = true }]).Score(Table);
        Assert.Equal(first * second, scores[0], 1e-9);
        Assert.Equal(first + second, scores[1], 1e-9);
    }

    [Fact]
    public void Log_probabilities_of_a_generation_have_a_score_a_token_and_their_sum()
    {
        var function = GeneratedTarget.Function(null, [1, 2]);
        var scores = function.Score(Table);
        Assert.Equal(3, scores.Length);
        Assert.Equal(Math.Log(Softmax([1, 2, 0.5], 1)), scores[0], 1e-9);
        Assert.Equal(Math.Log(Softmax([-1, 0, 3], 2)), scores[1], 1e-9);
        Assert.Equal(scores[0] + scores[1], scores[2], 1e-9);
    }

    [Fact]
    public void Columns_that_are_positions_move_with_their_tokens()
    {
        var function = new TargetFunction(Objective.Logit, Link.Softmax, [Joint]);
        Assert.Equal([0, 1], function.MoveClasses([-1, 0, 1]).Outputs[0].Classes);
        Assert.Throws<InvalidOperationException>(() => function.MoveClasses([0, -1, 1]));
    }

    private static double Softmax(double[] logits, int column) => Math.Exp(logits[column]) / logits.Sum(Math.Exp);
}
