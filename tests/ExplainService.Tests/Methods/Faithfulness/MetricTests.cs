using ExplainService.Methods.Faithfulness.Metrics;
using Xunit;

namespace ExplainService.Tests.Methods.Faithfulness;

/// <summary>Figures that can be worked out by hand, and those of the papers' own programs.</summary>
public sealed class MetricTests
{
    // A text of ten words: the first two carry 0.4 and 0.2 of the probability, the others 0.04 each, and 0.08 stays whatever is removed.
    private static readonly double[] Worth = [0.4, 0.2, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04];
    private static readonly FakeValues Text = new(10, present => 0.08 + Worth.Where((_, unit) => present[unit]).Sum());
    private static readonly Evidence None = new(10);

    [Fact]
    public void Comprehensiveness_and_sufficiency_are_those_of_ERASER()
    {
        // eraserbenchmark's bins for ten tokens: one token at 1, 5 and 10 %, two at 20 %, five at 50 %.
        var judged = JudgedScores.Of(Worth, unsigned: false);
        var comprehensiveness = new Comprehensiveness().Of(judged, Text, None);
        Assert.Equal([1, 1, 1, 2, 5], comprehensiveness.ByQ!.Select(share => share.K));
        Near([0.4, 0.4, 0.4, 0.6, 0.72], comprehensiveness.ByQ!.Select(share => share.Value));
        Near([0.504], comprehensiveness.Values);

        var sufficiency = new Sufficiency().Of(judged, Text, None);
        Near([0.52, 0.52, 0.52, 0.32, 0.2], sufficiency.ByQ!.Select(share => share.Value));
        Near([0.416], sufficiency.Values);
    }

    [Fact]
    public void Comprehensiveness_sufficiency_and_leave_one_out_are_those_of_ferret()
    {
        // ferret's aopc_compr and aopc_suff average over removing 1, 2, … tokens; its taucorr_loo is Kendall's τ with leaving each out.
        var text = new FakeValues(4, present => 0.2 + (present[0] ? 0.5 : 0) + (present[1] ? 0.2 : 0) + (present[2] ? 0.1 : 0));
        var judged = JudgedScores.Of([0.9, 0.1, 0.3, 0.2], unsigned: false);
        Near([(0.5 + 0.6 + 0.6 + 0.8) / 4, (0.3 + 0.2 + 0.2 + 0) / 4], new AreaOverCurves().Of(judged, text, new Evidence(4)).Values);

        // Four of six pairs in the same order: units 1 and 2 stand the other way round, and so do 1 and 3.
        Near([0.4, 2.0 / 6], new LeaveOneOut().Of(judged, text, new Evidence(4)).Values);
    }

    [Fact]
    public void The_area_is_that_between_the_curves_of_removing_the_least_and_the_most_relevant_first()
    {
        var judged = JudgedScores.Of(Worth, unsigned: false);
        double[] least = [9.6, 9.2, 8.8, 8.4, 8, 7.6, 7.2, 6.8, 4.8, 0.8];
        double[] most = [6, 4, 3.6, 3.2, 2.8, 2.4, 2, 1.6, 1.2, 0.8];
        Near([least.Average() - most.Average()], new Area().Of(judged, Text, None).Values);
    }

    [Fact]
    public void Curves_are_measured_by_the_trapezoid_rule()
    {
        var judged = JudgedScores.Of(Worth, unsigned: false);
        double[] gone = [1, 0.6, 0.4, 0.36, 0.32, 0.28, 0.24, 0.2, 0.16, 0.12, 0.08];
        double[] back = [0.08, 0.48, 0.68, 0.72, 0.76, 0.8, 0.84, 0.88, 0.92, 0.96, 1];
        Near([(gone.Sum() - ((gone[0] + gone[^1]) / 2)) / 10], new DeletionArea().Of(judged, Text, None).Values);
        Near([(back.Sum() - ((back[0] + back[^1]) / 2)) / 10], new InsertionArea().Of(judged, Text, None).Values);
    }

    [Fact]
    public void Log_odds_are_logarithms_of_what_is_left()
    {
        var judged = JudgedScores.Of(Worth, unsigned: false);
        Near([((3 * Math.Log(0.6)) + Math.Log(0.4) + Math.Log(0.28)) / 5], new LogOdds().Of(judged, Text, None).Values);
    }

    [Fact]
    public void Scores_that_are_what_each_unit_is_worth_are_linear_and_faithful_to_the_last()
    {
        var judged = JudgedScores.Of(Worth, unsigned: false);
        var evidence = None with { RandomSets = RandomSets.Draw(10, 3) };
        Near([1], new LinearDatamodel().Of(judged, Text, evidence).Values);
        Near([0], new Infidelity().Of(judged, Text, evidence).Values);

        // Half of what they are worth misses the other half of every drop.
        var half = JudgedScores.Of([.. Worth.Select(worth => worth / 2)], unsigned: false);
        var expected = evidence.RandomSets.Average(set => Math.Pow(Worth.Where((_, unit) => !set[unit]).Sum() / 2, 2));
        Near([expected], new Infidelity().Of(half, Text, evidence).Values);
    }

    [Theory]
    [InlineData(new double[] { 0, 0, 0, 1 }, 0.75)]
    [InlineData(new double[] { 1, -1, 1, -1 }, 0)]
    [InlineData(new double[] { 1, 2, -3, 4 }, 0.25)]
    public void Sparsity_is_the_Gini_index_of_sizes(double[] scores, double expected) =>
        Near([expected], new Sparsity().Of(JudgedScores.Of(scores, unsigned: false), Text, new Evidence(4)).Values);

    [Fact]
    public void Plausibility_is_that_of_ERASER_and_of_scikit_learn()
    {
        // scikit-learn: auc(recall, precision) of y_true [0, 0, 1, 1], y_score [0.1, 0.4, 0.35, 0.8] is 0.7916666.
        var evidence = new Evidence(4)
        {
            Rationale = [false, false, true, true],
            Tokens = [1, 1, 1, 1],
            BeginsText = new bool[4],
        };
        var figures = new Plausibility().Of(JudgedScores.Of([0.1, 0.4, 0.35, 0.8], unsigned: false), Text, evidence).Values;
        Assert.Equal(0.7916666666666666, figures[0], 1e-12);

        // Words 1 and 3 are chosen: one of two is right; each of the two stretches of one word, of which the second is half of the rationale's.
        Assert.Equal(0.5, figures[1], 1e-12);
        Assert.Equal(2 * 0.5 * 1 / 1.5, figures[2], 1e-12);
    }

    [Fact]
    public void Sizes_alone_rank_by_size()
    {
        Assert.Equal([1, 2, 0], JudgedScores.Of([0.1, -3, 2], unsigned: true).Order);
        Assert.Equal([2, 0, 1], JudgedScores.Of([0.1, -3, 2], unsigned: false).Order);
        Assert.Equal([0, 1, 2], JudgedScores.Of([1, 1, 1], unsigned: false).Order);
    }

    [Fact]
    public void Scores_dealt_out_by_chance_keep_their_sizes()
    {
        var judged = JudgedScores.Of([5, 1, 3], unsigned: false);
        var dealt = judged.Dealt(new Ranking([1, 2, 0]));
        Assert.Equal([1, 5, 3], dealt.Scores);
        Assert.Equal([1, 2, 0], dealt.Order);
    }

    private static void Near(IEnumerable<double> expected, IEnumerable<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
}
