using ExplainService.Goldens;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Runtime;
using ExplainService.Runtime.Execution;
using Xunit;

namespace ExplainService.Tests.Runtime.Execution;

/// <summary>Which products stay in float: as few as the aim allows, none twice, and forms that were not chosen are freed.</summary>
public class FastFormChooserTests
{
    private static readonly float[] Exact = [0, 1, 2, 4];
    private readonly FastForms forms = new(
        new FormCompiler(OnnxFile.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2", "model.onnx")))
    );
    private int open;

    [Fact]
    [Slow]
    public void A_form_that_is_close_enough_is_taken_whole()
    {
        var chosen = Choose(_ => 0.001f);
        Assert.Equal(0, chosen.Quality.KeptInFloat);
        Assert.Equal(1, open);
    }

    [Fact]
    [Slow]
    public void The_group_that_hurts_goes_back_to_float_and_no_other()
    {
        // The weights of the second feed-forward products are what hurts.
        var chosen = Choose(form => 0.001f + (0.05f * Count(form, 1536)));
        Assert.Equal(6, chosen.Quality.KeptInFloat);
        Assert.Equal(0, Count(chosen.Runs, 1536));
        Assert.Equal(1, open);
    }

    [Fact]
    public void Half_a_group_is_enough_where_it_meets_the_aim()
    {
        var chosen = Choose(form => 0.0025f * Count(form, 1536));
        Assert.Equal(3, chosen.Quality.KeptInFloat);
    }

    [Fact]
    public void A_form_that_stays_too_far_is_refused_with_its_figures()
    {
        var refused = Assert.Throws<NotSupportedByModelException>(() => Choose(_ => 0.2f));
        Assert.Contains("20 %", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, open);
    }

    [Fact]
    public void A_logit_that_the_model_masks_does_not_hide_how_far_the_others_are() =>
        Assert.Equal(
            0.5,
            FastFormChooser.Compare([float.NegativeInfinity, 0, 2], [float.NegativeInfinity, 1, 3], products: 1, kept: 0).MeanDeviation
        );

    [Theory]
    [Slow]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData(0, float.NegativeInfinity)]
    [InlineData(0, float.NaN)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.NaN, float.NaN)]
    public void A_form_that_is_infinite_or_no_number_elsewhere_than_the_model_is_refused(float exact, float fast) =>
        Assert.True(FastFormChooser.Compare([exact, 0, 2], [fast, 0, 2], products: 1, kept: 0).P95Deviation > FastQuality.Limit);

    [Fact]
    public void Nothing_to_compare_is_no_reason_to_accept() =>
        Assert.True(
            FastFormChooser.Compare([float.NegativeInfinity], [float.NegativeInfinity], products: 1, kept: 0).P95Deviation
                > FastQuality.Limit
        );

    private FastCandidate<Form> Choose(Func<Form, float> deviation) =>
        FastFormChooser.Choose(
            forms,
            form =>
            {
                open++;
                return form;
            },
            _ => open--,
            form => [.. Exact.Select(value => value + (deviation(form) * 4))],
            Exact
        );

    /// <summary>int8 weights with sums of that length.</summary>
    private static int Count(Form form, long inputs) =>
        form.Weights.Values.Count(weight => weight.Name.EndsWith("_int8", StringComparison.Ordinal) && weight.Dims[0] == inputs);
}
