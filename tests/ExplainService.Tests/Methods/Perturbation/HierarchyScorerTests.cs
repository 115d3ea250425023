using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Tests.Methods.Pipeline;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Methods.Perturbation;

/// <summary>What a hierarchy's answer is when the time is up between its levels.</summary>
public sealed class HierarchyScorerTests
{
    [Fact]
    public async Task A_finished_level_is_answered_where_the_time_is_up_before_the_first_score_of_the_next()
    {
        var (answers, inTime) = await ScoreAsync(lateFrom: 1);
        Assert.False(inTime);
        Assert.All(answers, answer => Assert.Equal(1, answer.Score));
    }

    [Fact]
    public async Task Without_a_finished_level_there_is_nothing_yet() =>
        await Assert.ThrowsAsync<NoPartialResultException>(() => ScoreAsync(lateFrom: 0));

    private static Task<(IReadOnlyList<UnitAnswer> Answers, bool InTime)> ScoreAsync(int lateFrom)
    {
        const string Text = "One here. Two there.";
        var input = UnitTexts.Prepare(Text);
        var hierarchy = UnitTexts.Units(input, [Granularity.Sentence, Granularity.Word]);
        var context = new ExplanationContext
        {
            Model = null!, // never asked: scores are given
            Request = new OcclusionRequest { Text = Text },
            Input = input,
            Units = hierarchy,
            Resolved = null,
            Work = new WorkOptions(),
            Deadline = Deadline.None,
        };
        return HierarchyScorer.ScoreAsync(
            context,
            hierarchy,
            (level, units) =>
                level >= lateFrom
                    ? throw new NoPartialResultException()
                    : Task.FromResult<LevelScores?>(new LevelScores([.. units.Units.Select(_ => 1.0)], null, InTime: true))
        );
    }
}
