using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;
using Xunit;

namespace ExplainService.Tests.Methods.Faithfulness;

/// <summary>Comparisons over texts: means, and which differences are more than chance after Holm's correction.</summary>
public sealed class ComparisonSumsTests
{
    // Over two texts t = mean/(half their distance) has one degree of freedom, so that p = 1 − 2/π · arctan t.
    private static readonly double Small = P(0.501 / 0.001);
    private static readonly double Middle = P(0.2002 / 0.0008);
    private static readonly double Large = P(0.3 / 0.1);

    [Fact]
    public void Figures_are_means_with_their_standard_errors()
    {
        var answer = Joined(("a", [1, 2, 6]), ("b", [0, 0, 0]));
        var figure = answer.Methods[0].Metrics["area"]["mask"];
        Assert.Equal(3, figure.Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt((4 + 1 + 9) / 2.0 / 3), figure.StandardError!.Value, 1e-12);
        Assert.Equal(3, figure.Texts);
        Assert.Equal(3, answer.Texts);
        Assert.Equal(6, answer.Methods[0].Evaluations);
    }

    [Fact]
    public void P_values_are_corrected_as_by_hand()
    {
        // The best method's lead: 0.500 and 0.502 over "b", 0.1994 and 0.2010 over "c", 0.2 and 0.4 over "d".
        var answer = Joined(("a", [1, 1]), ("b", [0.5, 0.498]), ("c", [0.8006, 0.799]), ("d", [0.8, 0.6]));
        var differences = answer.Differences!.ToDictionary(difference => difference.Other);
        Assert.Equal(Small, differences["b"].P!.Value, 1e-9);
        Assert.Equal(Middle, differences["c"].P!.Value, 1e-9);
        Assert.Equal(Large, differences["d"].P!.Value, 1e-9);
        Assert.Equal(0.501, differences["b"].Mean, 1e-12);
        Assert.Equal(0.001, differences["b"].StandardError!.Value, 1e-12);

        // The smallest of three times 3, the next times 2, the largest as it is.
        Assert.Equal(3 * Small, differences["b"].PCorrected!.Value, 1e-9);
        Assert.Equal(2 * Middle, differences["c"].PCorrected!.Value, 1e-9);
        Assert.Equal(Large, differences["d"].PCorrected!.Value, 1e-9);
        Assert.Equal([true, true, false], new[] { "b", "c", "d" }.Select(other => differences[other].Significant));

        Assert.Equal("a", answer.Recommendation!.Name);
        Assert.False(answer.Recommendation.Significant);
        Assert.Contains("there is no significant difference from \"d\"", answer.Recommendation.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("\"b\"", answer.Recommendation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_corrected_value_is_below_that_of_a_smaller_one()
    {
        // Nearly the same p twice: twice the larger one is less than three times the smaller one.
        var answer = Joined(("a", [1, 1]), ("b", [0.5, 0.498]), ("c", [0.5, 0.49798]), ("d", [0.8, 0.6]));
        var differences = answer.Differences!.ToDictionary(difference => difference.Other);
        Assert.True(2 * differences["c"].P < 3 * differences["b"].P);
        Assert.Equal(3 * differences["b"].P!.Value, differences["c"].PCorrected!.Value, 1e-12);
    }

    [Fact]
    public void Nothing_is_corrected_beyond_certainty()
    {
        var answer = Joined(("a", [1, 0.2]), ("b", [0.4, 0.7]), ("c", [0.3, 0.7]));
        Assert.All(answer.Differences!, difference => Assert.Equal(1, difference.PCorrected!.Value, 1e-12));
        Assert.All(answer.Differences!, difference => Assert.False(difference.Significant));
    }

    [Fact]
    public void A_method_that_leads_in_every_text_alike_is_recommended_without_reserve()
    {
        var answer = Joined(("a", [0, 0, 0]), ("b", [1.00, 1.01, 0.99]));
        Assert.Equal("b", answer.Recommendation!.Name);
        Assert.True(answer.Recommendation.Significant);
        Assert.Contains("differs significantly from every other method", answer.Recommendation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_one_text_there_is_no_p_value_and_no_significant_difference()
    {
        var answer = Joined(("a", [1]), ("b", [0]));
        var difference = Assert.Single(answer.Differences!);
        Assert.Null(difference.P);
        Assert.Null(difference.StandardError);
        Assert.False(difference.Significant);
        Assert.Contains("no significant difference", answer.Recommendation!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_that_some_texts_lack_is_compared_over_the_others()
    {
        var answer = Joined(("a", [1, 1, 1]), ("b", [0.5, null, 0.3]));
        var difference = Assert.Single(answer.Differences!);
        Assert.Equal(0.6, difference.Mean, 1e-12);
        Assert.Equal(P(0.6 / 0.1), difference.P!.Value, 1e-9);
        Assert.Equal(2, answer.Methods[1].Metrics["area"]["mask"].Texts);
    }

    private static double P(double t) => 1 - (2 / Math.PI * Math.Atan(t));

    /// <summary>Comparisons of single texts as one.</summary>
    /// <param name="methods">Each with its area in each text; null where it was left out.</param>
    private static CompareAnswer Joined(params (string Name, double?[] Areas)[] methods) =>
        Summed(
            methods[0]
                .Areas.Select(
                    (_, text) =>
                        OfText([
                            .. methods
                                .Where(method => method.Areas[text] is not null)
                                .Select(method => (method.Name, method.Areas[text]!.Value)),
                        ])
                )
        );

    private static CompareAnswer Summed(IEnumerable<CompareAnswer> texts)
    {
        var sums = new ComparisonSums();
        foreach (var text in texts)
        {
            sums.Add(text);
        }

        return sums.Answer();
    }

    private static CompareAnswer OfText((string Name, double Area)[] methods) =>
        new()
        {
            Methods = [.. methods.Select(method => new ComparedMethod(method.Name, Metrics(method.Area), 2, 1))],
            Agreement = [.. methods.Select(one => methods.Select(other => one == other ? 1 : (double?)null).ToArray())],
            Evaluations = 10,
        };

    private static Dictionary<string, IReadOnlyDictionary<string, MetricAnswer>> Metrics(double area) =>
        new() { ["area"] = new Dictionary<string, MetricAnswer> { ["mask"] = new() { Value = area } } };
}
