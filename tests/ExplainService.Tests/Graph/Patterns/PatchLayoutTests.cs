using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Runtime;
using ExplainService.Tests.Graph.Gradients;
using Xunit;

namespace ExplainService.Tests.Graph.Patterns;

/// <summary>Patches are found by what a graph does, however it is written, and the graph says the same of them as of the picture.</summary>
public sealed class PatchLayoutTests
{
    private const int Hidden = 6;

    [Fact]
    public void A_convolution_whose_stride_is_its_kernel_cuts_patches_behind_the_tokens_that_are_joined_to_them()
    {
        var layout = Same(new PixelSize(3, 8, 12), tape => Attended(Joined(tape, Convolved(tape), before: 2, behind: 0)));
        Assert.Equal((4, 4, 2, 0, true), (layout.PatchHeight, layout.PatchWidth, layout.Before, layout.Behind, layout.IsModels));
        Assert.Equal((2, 3, 8), (layout.Rows, layout.Columns, layout.Sequence));
    }

    [Fact]
    public void Tokens_may_stand_behind_the_patches() =>
        Assert.Equal(1, Same(new PixelSize(3, 8, 12), tape => Attended(Joined(tape, Convolved(tape), before: 0, behind: 1))).Behind);

    [Fact]
    public void A_picture_may_be_unfolded_instead()
    {
        var layout = Same(
            new PixelSize(3, 8, 12),
            tape =>
            {
                var patches = tape["pixel_values"].Reshape(-1, 3, 2, 4, 3, 4).Transpose(0, 2, 4, 3, 5, 1).Reshape(0, 6, 48);
                return Attended(Joined(tape, patches.MatMul(Weights(tape, 48, Hidden)), before: 1, behind: 0));
            }
        );
        Assert.Equal((4, 4, 1, true), (layout.PatchHeight, layout.PatchWidth, layout.Before, layout.IsModels));
    }

    [Fact]
    public void Registers_between_class_token_and_patches_are_counted()
    {
        var layout = Same(
            new PixelSize(3, 8, 12),
            tape =>
            {
                var first = Joined(tape, Convolved(tape), before: 1, behind: 0);
                var registers = Weights(tape, 4, Hidden).Unsqueeze(0).Expand(tape.Concat(0, first.Size(0), tape.List([4, Hidden])));
                return Attended(tape.Concat(1, first.Slice(1, 0, 1), registers, first.Slice(1, 1, 7)));
            }
        );
        Assert.Equal((5, 0, 11), (layout.Before, layout.Behind, layout.Sequence));
    }

    [Theory]
    [InlineData(32, 48, 4, 4, 8, 12)]
    [InlineData(8, 8, 1, 1, 8, 8)]
    [InlineData(31, 29, 2, 2, 16, 15)]
    public void A_model_without_patches_is_explained_by_a_grid_that_covers_the_picture(
        int height,
        int width,
        int patchHeight,
        int patchWidth,
        int rows,
        int columns
    )
    {
        var layout = Same(
            new PixelSize(3, height, width),
            tape =>
            {
                var kernel = tape.Constant<float>([.. Enumerable.Range(0, Hidden * 27).Select(i => MathF.Sin(i))], Hidden, 3, 3, 3);
                var features = tape.Emit("Conv", [tape["pixel_values"], kernel], ("pads", new[] { 1L, 1L, 1L, 1L }));
                var pooled = tape.Emit("MaxPool", [features], ("kernel_shape", new[] { 2L, 2L }), ("strides", new[] { 2L, 2L }));
                return tape.Emit("GlobalAveragePool", tape.Emit("Relu", pooled)).Reshape(0, Hidden);
            }
        );
        Assert.False(layout.IsModels);
        Assert.Equal((patchHeight, patchWidth, rows, columns), (layout.PatchHeight, layout.PatchWidth, layout.Rows, layout.Columns));
        Assert.Equal((0, 0), (layout.Before, layout.Behind));
    }

    [Fact]
    public void A_grid_over_pixels_that_the_model_s_patches_leave_out_is_not_the_model_s()
    {
        var layout = Same(
            new PixelSize(3, 10, 9),
            tape =>
            {
                var kernel = tape.Constant<float>([.. Enumerable.Range(0, Hidden * 48).Select(i => MathF.Sin(i))], Hidden, 3, 4, 4);
                var patches = tape.Emit("Conv", [tape["pixel_values"], kernel], ("strides", new[] { 4L, 4L }));
                return tape.Emit("GlobalAveragePool", tape.Emit("Relu", patches)).Reshape(0, Hidden);
            }
        );
        Assert.False(layout.IsModels);
        Assert.Equal((4, 4, 3, 3), (layout.PatchHeight, layout.PatchWidth, layout.Rows, layout.Columns));
    }

    [Fact]
    public void A_picture_of_another_size_than_the_graph_s_is_refused() =>
        Assert.Throws<NotSupportedException>(() =>
            new FormCompiler(Build(new PixelSize(3, 8, 12), Pooled, open: false), new PixelSize(3, 8, 8))
        );

    /// <summary>The layout, after both graphs have said the same of two pictures, and of the gradient what differences say.</summary>
    private static PatchLayout Same(PixelSize size, Func<Tape, Value> model)
    {
        using var whole = OnnxRun.Open(GraphSerializer.Serialize(Build(size, model, open: true)));
        var compiler = new FormCompiler(Build(size, model, open: true), size);
        var layout = compiler.Report.Patches!;
        Assert.Null(compiler.Report.NoGradient);
        using var forward = OnnxRun.Open(GraphSerializer.Serialize(compiler.ForwardGraph()));
        var shape = new PictureShape(
            size.Channels,
            size.Height,
            size.Width,
            layout.PatchHeight,
            layout.PatchWidth,
            layout.Before,
            layout.Behind,
            layout.IsModels
        );
        var count = size.Channels * size.Height * size.Width;
        float[][] pictures =
        [
            .. Enumerable.Range(0, 2).Select(number => Enumerable.Range(0, count).Select(i => MathF.Sin((i * 0.7f) + number)).ToArray()),
        ];
        var expected = FiniteDifferences.Run(
            whole,
            new Dictionary<string, Tensor>
            {
                ["pixel_values"] = new([2, size.Channels, size.Height, size.Width], pictures.SelectMany(one => one).ToArray()),
            }
        );
        var actual = FiniteDifferences.Run(
            forward,
            new Dictionary<string, Tensor>
            {
                [FormNames.Embeddings] = new(
                    [2, layout.Sequence, layout.TokenSize],
                    pictures.SelectMany(one => shape.Arrange(one)).ToArray()
                ),
            }
        );
        Assert.All(expected["logits"].Doubles.Zip(actual[FormNames.Logits].Doubles), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Equal(pictures[0], shape.Picture(shape.Arrange(pictures[0])));
        return layout;
    }

    private static ModelGraph Build(PixelSize size, Func<Tape, Value> model, bool open)
    {
        var graph = new ModelGraph { Opsets = { [""] = 18 } };
        var tape = new Tape(graph);
        tape.Input(
            "pixel_values",
            ElementType.Float,
            Dim.Of("batch_size"),
            open ? Dim.Of("num_channels") : size.Channels,
            open ? Dim.Of("height") : size.Height,
            open ? Dim.Of("width") : size.Width
        );
        tape.Output(model(tape), "logits");
        return graph;
    }

    private static Value Pooled(Tape tape) => tape.Emit("GlobalAveragePool", tape["pixel_values"]).Reshape(0, -1);

    private static Value Convolved(Tape tape)
    {
        var kernel = tape.Constant<float>([.. Enumerable.Range(0, Hidden * 48).Select(i => MathF.Cos(i))], Hidden, 3, 4, 4);
        return tape.Emit("Conv", [tape["pixel_values"], kernel], ("strides", new[] { 4L, 4L })).Reshape(0, Hidden, -1).Transpose(0, 2, 1);
    }

    private static Value Joined(Tape tape, Value patches, int before, int behind)
    {
        Value Tokens(int count) =>
            Weights(tape, count, Hidden).Unsqueeze(0).Expand(tape.Concat(0, patches.Size(0), tape.List([count, Hidden])));
        Value[] parts = [.. before > 0 ? [Tokens(before)] : (Value[])[], patches, .. behind > 0 ? [Tokens(behind)] : (Value[])[]];
        return tape.Concat(1, parts);
    }

    private static Value Attended(Value hidden)
    {
        var scores = hidden.MatMul(hidden.Transpose(0, 2, 1)) * 0.1;
        return scores.Softmax().MatMul(hidden).Slice(1, 0, 1).Reshape(0, Hidden);
    }

    private static Value Weights(Tape tape, int rows, int columns) =>
        tape.Constant<float>([.. Enumerable.Range(0, rows * columns).Select(i => MathF.Sin(i * 1.3f))], rows, columns);
}
