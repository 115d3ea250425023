using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;
using ExplainService.Tests.Methods.Pipeline;
using ExplainService.Text.Units;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Methods.Permutation;

/// <summary>A text that is a single unit of its coarsest level has its scores at the finer ones.</summary>
public sealed class PermutationDeadlineTests
{
    private const string Text = "one sentence alone";

    [Fact]
    public async Task The_deadline_before_the_first_level_with_scores_is_no_fault_of_the_text()
    {
        var time = new FakeTimeProvider();
        using var deadline = new Deadline(time, 10);
        time.Advance(TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAsync<NoPartialResultException>(() => ExplainAsync(deadline, Granularity.Sentence, Granularity.Word));
    }

    [Fact]
    public async Task A_text_without_a_second_unit_at_any_level_is_at_fault() =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => ExplainAsync(Deadline.None, Granularity.Sentence));

    private static Task<Explanation> ExplainAsync(Deadline deadline, params Granularity[] levels)
    {
        var request = new PermutationRequest { Text = Text, Granularity = new GranularityRequest(levels) };
        var input = UnitTexts.Prepare(Text);
        var function = new TargetFunction(Objective.Probability, Link.Softmax, [new TargetOutput([0], [0])]);
        return new PermutationMethod().ExplainAsync(
            (ExplainRequest)request,
            new ExplanationContext
            {
                Model = null!, // never asked: no unit of the first level is replaced
                Request = request,
                Input = input,
                Units = UnitTexts.Units(input, levels),
                Resolved = new ResolvedTarget(new Prediction(), new TargetAnswer(), function, []),
                Work = new WorkOptions(),
                Deadline = deadline,
            },
            TestContext.Current.CancellationToken
        );
    }
}
