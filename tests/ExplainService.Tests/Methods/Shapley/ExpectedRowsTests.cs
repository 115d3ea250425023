using ExplainService.Methods.Shapley;
using ExplainService.Tests.Methods.Pipeline;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>What admission weighs a request by is never more than there is to score.</summary>
public sealed class ExpectedRowsTests
{
    private const string Eight = "A gripping film with a dull end.";

    [Theory]
    [InlineData(ShapAlgorithm.Auto, 1_000_000, 256)]
    [InlineData(ShapAlgorithm.Kernel, 1_000_000, 256)]
    [InlineData(ShapAlgorithm.Kernel, 100, 100)]
    [InlineData(ShapAlgorithm.Exact, null, 256)]
    [InlineData(ShapAlgorithm.Permutation, null, 256)]
    public void No_more_rows_than_the_text_has_coalitions(ShapAlgorithm algorithm, int? budget, long expected) =>
        Assert.Equal(expected, Rows(Eight, Granularity.Word, algorithm, budget));

    [Fact]
    public void All_coalitions_of_an_exact_answer_are_counted() =>
        Assert.Equal(1 << 10, Rows("one two three four five six seven eight nine ten", Granularity.Word, ShapAlgorithm.Exact, null));

    [Fact]
    public void Long_texts_and_hierarchies_are_bounded_by_the_budget_alone()
    {
        Assert.Equal(500, Rows(UnitTexts.Review(100), Granularity.Word, ShapAlgorithm.Auto, null));
        Assert.Equal(2000, Rows(Eight, [Granularity.Sentence, Granularity.Word], ShapAlgorithm.Kernel, 2000));
    }

    private static long Rows(string text, Granularity level, ShapAlgorithm algorithm, int? budget) =>
        Rows(text, [level], algorithm, budget);

    private static long Rows(string text, Granularity[] levels, ShapAlgorithm algorithm, int? budget)
    {
        var input = UnitTexts.Prepare(text);
        var method = new ShapMethod();
        return method.ExpectedRows(
            new ShapRequest
            {
                Text = text,
                Algorithm = algorithm,
                MaxEvaluations = budget,
            },
            UnitTexts.Model,
            input,
            UnitTexts.Units(input, levels)
        );
    }
}
