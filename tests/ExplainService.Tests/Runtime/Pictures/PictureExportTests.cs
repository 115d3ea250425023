using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Tests.Graph;
using ExplainService.Tests.Graph.Gradients;
using Xunit;
using Tensor = ExplainService.Tests.Graph.Gradients.Tensor;

namespace ExplainService.Tests.Runtime.Pictures;

/// <summary>BEiT and Swin as they are exported: what is found in them, and that their forms say what the graphs themselves say.</summary>
public sealed class PictureExportTests
{
    private static readonly PixelSize Size = new(3, PictureGraphs.Side, PictureGraphs.Side);

    [Fact]
    public void BEiT_has_a_class_token_before_its_patches_and_attention_whose_scores_have_a_bias_of_their_place()
    {
        var report = Checked(PictureGraphs.Beit);
        Assert.Equal((4, 4, 1, 0, true), Layout(report));
        Assert.Equal(2, report.Of(AttentionRole.Self).Count);
        Assert.Equal((2, 16L), (report.Blocks.Count, report.Neurons));
        Assert.Empty(report.NoVariant);
        Assert.Null(report.NoAttention);
    }

    [Fact]
    public void Swin_has_its_patches_but_no_attention_among_all_of_them()
    {
        var report = Checked(PictureGraphs.Swin);
        Assert.Equal((2, 2, 0, 0, true), Layout(report));
        Assert.Empty(report.Attention);
        Assert.Contains("windows of 16 tokens", report.NoAttention, StringComparison.Ordinal);
        Assert.Empty(report.NoVariant);
    }

    private static (int, int, int, int, bool) Layout(GraphReport report)
    {
        var patches = report.Patches!;
        return (patches.PatchHeight, patches.PatchWidth, patches.Before, patches.Behind, patches.IsModels);
    }

    /// <summary>The report, after the logits were those of the graph itself, and the gradient that of differences of them.</summary>
    private static GraphReport Checked(Func<ModelGraph> model)
    {
        var compiler = new FormCompiler(model(), Size);
        Assert.Null(compiler.Report.NoGradient);
        var layout = compiler.Report.Patches!;
        var shape = new ExplainService.Runtime.PictureShape(
            Size.Channels,
            Size.Height,
            Size.Width,
            layout.PatchHeight,
            layout.PatchWidth,
            layout.Before,
            layout.Behind,
            layout.IsModels
        );
        float[] picture = [.. Enumerable.Range(0, 3 * 16 * 16).Select(i => MathF.Sin(i * 0.7f))];
        using var whole = OnnxRun.Open(GraphSerializer.Serialize(model()));
        var pixels = new Dictionary<string, Tensor> { ["pixel_values"] = new([1, 3, 16, 16], picture) };
        var expected = FiniteDifferences.Run(whole, pixels)["logits"].Doubles;

        using var gradient = OnnxRun.Open(
            GraphSerializer.Serialize(compiler.GradientGraph(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax)))
        );
        var results = FiniteDifferences.Run(
            gradient,
            new Dictionary<string, Tensor>
            {
                [FormNames.Embeddings] = new([1, layout.Sequence, layout.TokenSize], shape.Arrange(picture)),
                [FormNames.Targets] = new([1, 1], new long[] { 1 }),
            }
        );
        Assert.All(expected.Zip(results[FormNames.Logits].Doubles), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Equal(expected[1], results[FormNames.Score].Doubles.Single(), 1e-4);

        var slopes = FiniteDifferences.Of(whole, pixels, "pixel_values", new Dictionary<string, double[]> { ["logits"] = [0, 1, 0] });
        var actual = shape.Picture((float[])results[FormNames.Gradient].Values);
        var scale = slopes.Max(Math.Abs);
        Assert.All(slopes.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-3 * scale));
        return compiler.Report;
    }
}
