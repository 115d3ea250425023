using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Scenes;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>Pictures of how far explanations can be trusted.</summary>
public sealed class FaithfulnessViewTests
{
    private const string Text = "not bad at all";

    [Fact]
    public void A_judged_explanation_has_a_table_and_curves_and_several_their_agreement_too()
    {
        Assert.Equal(["faithfulness", "curves"], Names(FaithfulnessAnswers.Evaluation(Text)).Take(2));
        Assert.Equal(["faithfulness", "curves", "agreement"], Names(FaithfulnessAnswers.Comparison(Text, "occlusion", "lime")).Take(3));
    }

    [Fact]
    public void A_table_has_the_figures_their_z_and_the_verdict()
    {
        var words = Words(FaithfulnessAnswers.Comparison(Text, "occlusion", "lime"), "faithfulness");

        Assert.Contains("Area (mask)", words);
        Assert.Contains("1.25", words);
        Assert.Contains("z +4.00", words);
        Assert.Contains(words, word => word.StartsWith("occlusion has the largest area", StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_within_two_deviations_of_chance_have_no_colour()
    {
        var fills = Elements(FaithfulnessAnswers.Comparison(Text, "occlusion", "lime"), "faithfulness")
            .OfType<Box>()
            .Where(box => box.Height == 28)
            .Select(box => box.Fill)
            .ToArray();

        // Three figures, the first method 4 deviations from chance, the second 1.
        Assert.Equal(6, fills.Length);
        Assert.All([1, 3, 5], second => Assert.Equal(Tone.Panel, fills[second]));
        Assert.All([0, 2, 4], first => Assert.NotEqual(Tone.Panel, fills[first]));
    }

    [Fact]
    public void Curves_begin_and_end_at_the_axis_of_units_beside_the_band_of_random_orders()
    {
        var outlines = Elements(FaithfulnessAnswers.Evaluation(Text), "curves").OfType<Outline>().ToArray();

        // Of each of the two curves: the band, its mean, the curve itself.
        Assert.Equal(6, outlines.Length);
        Assert.Contains("3 units", Words(FaithfulnessAnswers.Evaluation(Text), "curves"));
    }

    private static string[] Names(Subject subject) => [.. Pictures.Of(subject).Select(view => view.Name)];

    private static Element[] Elements(Subject subject, string view) =>
        [.. ViewTests.Flat(Pictures.Draw(subject, PictureOptions.Default with { View = view }).Elements)];

    private static string[] Words(Subject subject, string view) => [.. Elements(subject, view).OfType<Label>().Select(label => label.Text)];
}
