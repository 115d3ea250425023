using ExplainService.Methods.Saliency;
using Xunit;

namespace ExplainService.Tests.Methods.Saliency;

public sealed class SaliencyWarningsTests
{
    [Theory]
    [InlineData(0, 10, 0.4, false)]
    [InlineData(0, 10, 0.6, true)]
    [InlineData(-3, -23, 35.9, true)]
    [InlineData(0.5, 0.5001, 0.001, false)]
    [InlineData(0.5, 0.5001, 0.01, true)]
    public void Integrated_gradients_that_miss_a_twentieth_of_what_f_does_say_so(double baseline, double text, double error, bool expected)
    {
        var scores = new TokenScores([1, 2], [])
        {
            Steps = 50,
            CompletenessError = error,
            Change = text - baseline,
        };
        var warning = SaliencyWarnings.Incompleteness([scores]);
        Assert.Equal(expected, warning is not null);
        if (expected)
        {
            Assert.Contains("after 50 steps", warning!.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Samples_that_miss_it_ask_for_more_of_them() =>
        Assert.Contains(
            "after 25 samples, where f changes by 3 from the baseline to the text; more samples make",
            SaliencyWarnings
                .Incompleteness([
                    new TokenScores([1, 2], [])
                    {
                        Draws = 25,
                        CompletenessError = 1,
                        Change = -3,
                    },
                ])!
                .Text,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_worst_of_several_outputs_is_named()
    {
        TokenScores[] outputs =
        [
            new([1], [])
            {
                Steps = 8,
                CompletenessError = 0.1,
                Change = 100,
            },
            new([1], [])
            {
                Steps = 8,
                CompletenessError = 0.09,
                Change = 1,
            },
        ];
        Assert.Contains("error is 0.09 ", SaliencyWarnings.Incompleteness(outputs)!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_that_do_not_integrate_have_nothing_to_miss() =>
        Assert.Null(SaliencyWarnings.Incompleteness([new TokenScores([1, 2], []) { Value = 3 }]));

    [Theory]
    [InlineData(-5.2, -1.4, true)]
    [InlineData(-5.2, -5.1, false)]
    [InlineData(0.93, 0.9, false)]
    [InlineData(0.93, 0.8, true)]
    public void Gradients_of_a_function_that_says_something_else_than_the_model_say_so(double inside, double model, bool expected)
    {
        // The last output is the sum of the others, which nobody differentiated.
        TokenScores[] outputs = [new([1], []) { Value = inside }, new([1], [])];
        Assert.Equal(expected, SaliencyWarnings.Distance(outputs, [model, 7]) is not null);
    }
}
