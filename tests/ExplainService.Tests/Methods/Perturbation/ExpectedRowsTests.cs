using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Shapley;
using ExplainService.Tests.Methods.Pipeline;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Methods.Perturbation;

/// <summary>What admission weighs a request by: the rows that it will take, counted before any is computed.</summary>
public sealed class ExpectedRowsTests
{
    private const string Text = "A gripping film. But dull.";
    private const int Words = 7;

    [Theory]
    [InlineData(3, 1 + (3 * Words))]
    [InlineData(100, 1 + (Words * (Words - 1)))]
    public void Every_unit_is_replaced_in_every_round_and_there_are_no_more_rounds_than_others(int samples, int rows) =>
        Assert.Equal(rows, Expected(new PermutationMethod(), new PermutationRequest { Text = Text, Samples = samples }));

    [Theory]
    [InlineData(Granularity.Word, 3)]
    [InlineData(Granularity.Sentence, 2)]
    [InlineData(null, 2)]
    public void A_background_has_as_many_replacements_as_units(Granularity? granularity, int replacements)
    {
        var request = new PermutationRequest
        {
            Text = Text,
            Samples = 100,
            Background = ["Very good", "Bad"],
        };
        request = granularity is { } level
            ? request with
            {
                Granularity = new GranularityRequest([level]),
            }
            : request with
            {
                Spans =
                [
                    [0, 1],
                    [2, 10],
                    [11, 15],
                ],
            };
        var units = granularity switch
        {
            Granularity.Word => Words,
            Granularity.Sentence => 2,
            _ => 3,
        };
        Assert.Equal(1 + (units * replacements), Expected(new PermutationMethod(), request));
    }

    [Fact]
    public void A_level_of_a_single_unit_takes_none()
    {
        var request = new PermutationRequest
        {
            Text = "A gripping film",
            Samples = 2,
            Granularity = new GranularityRequest([Granularity.Sentence, Granularity.Word]),
        };
        Assert.Equal(1 + (2 * 3), Expected(new PermutationMethod(), request));
    }

    [Theory]
    [InlineData(500, 1 << Words)]
    [InlineData(50, 50)]
    public void A_surrogate_scores_no_coalition_twice(int samples, int rows) =>
        Assert.Equal(rows, Expected(new LimeMethod(), new LimeRequest { Text = Text, Samples = samples }));

    [Fact]
    public void Surrogates_of_a_hierarchy_score_no_coalition_twice() =>
        Assert.Equal(
            (1 << 2) + (1 << 4) + (1 << 3),
            Expected(
                new LimeMethod(),
                new LimeRequest { Text = Text, Granularity = new GranularityRequest([Granularity.Sentence, Granularity.Word]) }
            )
        );

    [Theory]
    [InlineData(1, 1, 1 + Words)]
    [InlineData(3, 1, 1 + 5)]
    [InlineData(3, 3, 1 + 3)]
    [InlineData(20, 1, 1 + 1)]
    public void Occlusion_takes_a_row_a_window(int window, int stride, int rows) =>
        Assert.Equal(
            rows,
            Expected(
                new OcclusionMethod(),
                new OcclusionRequest
                {
                    Text = Text,
                    Window = window,
                    Stride = stride,
                }
            )
        );

    [Fact]
    public void A_judgement_takes_what_its_explanations_take_beside_its_own()
    {
        var (alone, with) = (Judged(null), Judged(new LimeRequest { Samples = 50 }));
        Assert.Equal(50, with - alone);

        // It is bounded, as one of its methods that would take more than is left is left out.
        var compared = new CompareRequest { Text = Text, MaxEvaluations = 300 };
        Assert.Equal(
            300,
            Expected(
                new CompareMethod(),
                compared with
                {
                    Methods = [Source(new LimeRequest()), Source(new ShapRequest { MaxEvaluations = 100_000 })],
                }
            )
        );

        static long Judged(TextRequest? explanation) =>
            Expected(
                new EvaluateMethod(),
                new EvaluateRequest { Text = Text, Explanation = explanation is null ? null : Source(explanation) }
            );

        static ExplanationSource Source(TextRequest request) => new() { Endpoint = "/lime", Request = request };
    }

    private static long Expected(IExplanationMethod method, TextRequest request)
    {
        var input = UnitTexts.Prepare(request.Text);
        return method.ExpectedRows(request, UnitTexts.Model, input, UnitHierarchy.Build(request, input, Granularity.Word));
    }
}
