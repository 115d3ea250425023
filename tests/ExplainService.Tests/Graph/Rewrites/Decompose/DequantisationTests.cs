using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites.Decompose;
using Xunit;

namespace ExplainService.Tests.Graph.Rewrites.Decompose;

/// <summary>
/// Weights come out as the operator reads them: exactly, where its own arithmetic is in float; within the rounding of its activations,
/// where that is in int8.
/// </summary>
public class DequantisationTests
{
    [Theory]
    [InlineData(4L, 16L, true)]
    [InlineData(4L, 32L, true)]
    [InlineData(4L, 16L, false)]
    [InlineData(8L, 16L, true)]
    [InlineData(8L, 32L, false)]
    public void MatMulNBits_keeps_its_numbers(long bits, long block, bool zeros)
    {
        const int K = 80,
            N = 6;
        var blocks = (K + block - 1) / block;
        var node = new OneNode("MatMulNBits").Input(2, 3, K).Bytes(N, blocks, block * bits / 8).Constant(N, blocks);
        if (zeros)
        {
            node.Bytes(N, ((blocks * bits) + 7) / 8);
        }

        node.With("K", (long)K).With("N", (long)N).With("bits", bits).With("block_size", block).Check(tolerance: 5e-2);
    }

    [Fact]
    public void MatMulNBits_with_a_bias_and_zero_points_in_float_keeps_its_numbers() =>
        new OneNode("MatMulNBits")
            .Input(2, 3, 64)
            .Bytes(6, 2, 16)
            .Constant(6, 2)
            .Constant(6, 2)
            .None()
            .Constant(6)
            .With("K", 64L)
            .With("N", 6L)
            .With("bits", 4L)
            .With("block_size", 32L)
            .Check(tolerance: 1e-4);

    [Fact]
    public void MatMulNBits_with_too_few_scales_is_refused() =>
        Assert.Throws<GraphFormatException>(() =>
            new OneNode("MatMulNBits")
                .Input(2, 3, 64)
                .Bytes(6, 2, 16)
                .Constant(6, 1)
                .With("K", 64L)
                .With("N", 6L)
                .With("bits", 4L)
                .With("block_size", 32L)
                .Plain(1)
        );

    [Fact]
    public void Weights_that_share_packed_numbers_keep_scales_of_their_own()
    {
        var graph = new ModelGraph { Opsets = { [""] = 18, ["com.microsoft"] = 1 } };
        var tape = new Tape(graph);
        var (x, ids) = (tape.Input("x", ElementType.Float, 2, 16), tape.Input("ids", ElementType.Int64, 2));
        var packed = tape.Constant<byte>([.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))], 4, 1, 8);
        var table = tape.Constant<byte>([.. Enumerable.Range(0, 64 * 8).Select(i => (byte)(i * 7))], 64, 8);
        foreach (var scale in new[] { 0.1f, 0.3f })
        {
            var scales = tape.Constant<float>([.. Enumerable.Repeat(scale, 4)], 4, 1);
            (string, object)[] sizes = [("K", 16L), ("N", 4L), ("bits", 4L), ("block_size", 16L)];
            tape.Output(tape.Emit("MatMulNBits", [x, packed, scales], 1, "com.microsoft", sizes)[0], $"product_{scale}");
            var rows = tape.Constant<float>([.. Enumerable.Repeat(scale, 64)], 64, 1);
            tape.Output(
                tape.Emit("GatherBlockQuantized", [table, ids, rows], 1, "com.microsoft", ("bits", 4L), ("block_size", 16L))[0],
                $"rows_{scale}"
            );
        }

        var expected = OnnxRun.Run(GraphSerializer.Serialize(graph));
        var actual = OnnxRun.Run(GraphSerializer.Serialize(DecomposedGraph.Of(graph)!.Graph));
        Assert.All(expected, pair => Assert.Equal(pair.Value.Values, actual[pair.Key].Values, (a, b) => Math.Abs(a - b) < 0.05));
    }

    [Fact]
    public void DequantizeLinear_of_a_tensor_keeps_its_numbers() => Linear().Bytes(6, 4).Constant([0.1f]).Constant<byte>([120]).Check();

    [Theory]
    [InlineData(0L, 6)]
    [InlineData(1L, 4)]
    [InlineData(-1L, 4)]
    public void DequantizeLinear_of_channels_keeps_its_numbers(long axis, int size) =>
        Linear().SignedBytes(6, 4).Constant(size).SignedBytes(size).With("axis", axis).Check();

    [Theory]
    [InlineData(0L, 3, 4)]
    [InlineData(1L, 6, 2)]
    public void DequantizeLinear_of_blocks_keeps_its_numbers(long axis, int rows, int columns) =>
        Linear(21).SignedBytes(6, 4).Constant(rows, columns).SignedBytes(rows, columns).With("axis", axis).With("block_size", 2L).Check();

    [Fact]
    public void DynamicQuantizeMatMul_keeps_its_numbers() =>
        new OneNode("DynamicQuantizeMatMul")
            .Input(2, 3, 16)
            .SignedBytes(16, 5)
            .Constant([0.01f])
            .Constant<sbyte>([3])
            .Constant(5)
            .Check(tolerance: 0.1);

    [Fact]
    public void DynamicQuantizeMatMul_by_columns_keeps_its_numbers() =>
        new OneNode("DynamicQuantizeMatMul")
            .Input(2, 3, 16)
            .SignedBytes(16, 5)
            .Constant([0.01f, 0.02f, 0.005f, 0.01f, 0.03f], 5)
            .Check(tolerance: 0.2);

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void QEmbedLayerNormalization_keeps_its_numbers(long withSegments)
    {
        var node = new OneNode("QEmbedLayerNormalization").Feed<int>([3, 1, 4, 1, 5, 9], 2, 3);
        if (withSegments == 1)
        {
            node.Feed<int>([0, 1, 1, 0, 0, 1], 2, 3).Bytes(10, 8).Bytes(6, 8).Bytes(2, 8);
        }
        else
        {
            node.None().Bytes(10, 8).Bytes(6, 8).None();
        }

        node.Bytes(8).Bytes(8).Feed<int>([1, 1, 0, 1, 1, 1], 2, 3);
        for (var i = 0; i < 5; i++)
        {
            _ = i == 2 && withSegments == 0 ? node.None() : node.Constant([0.02f + (0.01f * i)]);
        }

        for (var i = 0; i < 5; i++)
        {
            _ = i == 2 && withSegments == 0 ? node.None() : node.Constant<byte>([(byte)(100 + i)]);
        }

        node.Check(outputs: 2);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void GatherBlockQuantized_keeps_its_numbers(int bits) =>
        new OneNode("GatherBlockQuantized")
            .Bytes(10, 32 * bits / 8)
            .Feed<long>([3, 1, 4, 1], 2, 2)
            .Constant(10, 2)
            .Bytes(10, 2 * bits / 8)
            .With("bits", (long)bits)
            .With("block_size", 16L)
            .With("quantize_axis", 1L)
            .With("gather_axis", 0L)
            .Check();

    [Fact]
    public void MatMulIntegerToFloat_keeps_its_numbers() =>
        new OneNode("MatMulIntegerToFloat")
            .Rounded("x", 2, 3, 16)
            .Named("x")
            .SignedBytes(16, 5)
            .Named("x_scale")
            .Constant([0.01f])
            .Named("x_zero")
            .Constant<sbyte>([3])
            .Constant(5)
            .Check(tolerance: 0.1);

    [Fact]
    public void QAttention_keeps_its_numbers() =>
        new OneNode("QAttention")
            .Rounded("x", 2, 5, 16)
            .Named("x")
            .SignedBytes(16, 36)
            .Constant(36)
            .Named("x_scale")
            .Constant([0.01f])
            .Feed<int>([3, 5], 2)
            .Named("x_zero")
            .Constant<sbyte>([2])
            .With("num_heads", 3L)
            .Check(tolerance: 0.1);

    [Fact]
    public void QLinearMatMul_between_QuantizeLinear_and_DequantizeLinear_keeps_its_numbers() =>
        new OneNode("QLinearMatMul", "")
            .Rounded("x", 2, 3, 16)
            .Named("x")
            .Named("x_scale")
            .Named("x_zero")
            .SignedBytes(16, 5)
            .Constant("weight_scale", 0.01f)
            .Constant("weight_zero", (sbyte)0)
            .Constant("scale", 0.05f)
            .Constant("zero", (byte)128)
            .Then("DequantizeLinear", "scale", "zero")
            .Check(tolerance: 0.15);

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void QGemm_keeps_its_numbers(long transposed) =>
        new OneNode("QGemm")
            .Rounded("x", 3, 16)
            .Named("x")
            .Named("x_scale")
            .Named("x_zero")
            .SignedBytes(transposed == 1 ? [5, 16] : [16, 5])
            .Constant("weight_scale", 0.01f)
            .Constant("weight_zero", (sbyte)1)
            .Constant<int>([100, -2000, 300, 0, 5000], 5)
            .None()
            .None()
            .With("transB", transposed)
            .With("alpha", 0.5f)
            .Check(tolerance: 0.1);

    /// <summary>What a static quantiser writes around an operator: the activation is cut to the range and otherwise passes.</summary>
    [Fact]
    public void Pairs_of_QuantizeLinear_and_DequantizeLinear_cut_and_pass() =>
        new OneNode("QuantizeLinear", "")
            .Input(4, 8)
            .Constant("scale", 0.005f)
            .Constant("zero", (byte)0)
            .Then("DequantizeLinear", "scale", "zero")
            .Check(tolerance: 0.0026);

    [Fact]
    public void QuantizeLinear_without_a_zero_point_cuts_to_the_type_that_it_names() =>
        new OneNode("QuantizeLinear", "", 21)
            .Input(4, 8)
            .Constant("scale", 0.005f)
            .With("output_dtype", (long)ElementType.Int8)
            .Then("DequantizeLinear", "scale")
            .Check(tolerance: 0.0026);

    [Fact]
    public void What_was_quantised_may_be_split_before_it_is_read()
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var (scale, zero) = (tape.Scalar(0.01, ElementType.Float), tape.Constant<byte>([128]));
        var parts = tape.Split(tape.Emit("QuantizeLinear", tape.Input("x", ElementType.Float, 2, 6), scale, zero), 1, 2, 4);
        tape.Output(tape.Emit("DequantizeLinear", parts[1], scale, zero), "right");
        tape.Output(tape.Emit("DequantizeLinear", parts[0], scale, zero), "left");

        var plain = DecomposedGraph.Of(graph)!.Graph;
        Assert.Single(plain.Nodes, node => node.Op == "Split");
        var actual = OnnxRun.Run(GraphSerializer.Serialize(plain));
        Assert.All(
            OnnxRun.Run(GraphSerializer.Serialize(graph)),
            pair => Assert.Equal(pair.Value.Values, actual[pair.Key].Values, (a, b) => Math.Abs(a - b) < 0.0051)
        );
    }

    private static OneNode Linear(long opset = 18) => new("DequantizeLinear", "", opset);
}
