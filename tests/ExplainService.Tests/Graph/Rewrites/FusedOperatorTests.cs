using Xunit;

namespace ExplainService.Tests.Graph.Rewrites;

/// <summary>Fused operators give the same numbers after they are taken apart.</summary>
public class FusedOperatorTests
{
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6];

    [Fact]
    public void BiasGelu_keeps_its_numbers() => new OneNode("BiasGelu").Input(2, 3, 5).Constant(5).Check();

    [Fact]
    public void FastGelu_keeps_its_numbers() => new OneNode("FastGelu").Input(2, 3, 5).Constant(5).Check();

    [Fact]
    public void FastGelu_without_bias_keeps_its_numbers() => new OneNode("FastGelu").Input(2, 3, 5).Check();

    [Fact]
    public void QuickGelu_keeps_its_numbers() => new OneNode("QuickGelu").Input(2, 3, 5).With("alpha", 1.3f).Check();

    [Fact]
    public void SkipLayerNormalization_keeps_its_numbers() =>
        new OneNode("SkipLayerNormalization")
            .Input(2, 3, 8)
            .Input(2, 3, 8)
            .Constant(8)
            .Constant(8)
            .Constant(8)
            .With("epsilon", 1e-5f)
            .Check(outputs: 4, tolerance: 1e-5, 1, 2);

    [Fact]
    public void SkipLayerNormalization_with_a_skip_for_all_rows_keeps_its_numbers() =>
        new OneNode("SkipLayerNormalization").Input(2, 3, 8).Input(1, 3, 8).Constant(8).Constant(8).With("epsilon", 1e-5f).Check();

    [Fact]
    public void SkipSimplifiedLayerNormalization_keeps_its_numbers() =>
        new OneNode("SkipSimplifiedLayerNormalization")
            .Input(2, 3, 8)
            .Input(2, 3, 8)
            .Constant(8)
            .Constant(8)
            .With("epsilon", 1e-6f)
            .Check(outputs: 4, tolerance: 1e-5, 1, 2);

    [Fact]
    public void EmbedLayerNormalization_keeps_its_numbers() =>
        new OneNode("EmbedLayerNormalization")
            .Feed(Ids, 2, 4)
            .Feed<int>([0, 0, 1, 1, 0, 1, 1, 1], 2, 4)
            .Constant(10, 8)
            .Constant(6, 8)
            .Constant(2, 8)
            .Constant(8)
            .Constant(8)
            .Feed<int>([1, 1, 1, 0, 1, 1, 1, 1], 2, 4)
            .Check(outputs: 3);

    [Fact]
    public void EmbedLayerNormalization_without_segments_and_mask_at_given_positions_keeps_its_numbers() =>
        new OneNode("EmbedLayerNormalization")
            .Feed(Ids, 2, 4)
            .None()
            .Constant(10, 8)
            .Constant(6, 8)
            .None()
            .Constant(8)
            .Constant(8)
            .None()
            .Feed<int>([2, 3, 4, 5], 1, 4)
            .With("epsilon", 1e-5f)
            .Check(outputs: 2);

    [Theory]
    [InlineData("Relu")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    public void FusedGemm_keeps_its_numbers(string activation) =>
        new OneNode("FusedGemm")
            .Input(4, 3)
            .Constant(5, 3)
            .Constant(5)
            .With("transB", 1L)
            .With("alpha", 0.5f)
            .With("beta", 2f)
            .With("activation", activation)
            .Check();

    [Fact]
    public void FusedGemm_with_a_leak_keeps_its_numbers() =>
        new OneNode("FusedGemm")
            .Input(3, 4)
            .Constant(3, 5)
            .With("transA", 1L)
            .With("activation", "LeakyRelu")
            .With("activation_alpha", 0.2f)
            .Check();

    [Theory]
    [InlineData(0L, 0L)]
    [InlineData(1L, 0L)]
    [InlineData(0L, 1L)]
    [InlineData(1L, 1L)]
    public void FusedMatMul_keeps_its_numbers(long left, long right) =>
        new OneNode("FusedMatMul")
            .Input([2, 4, .. left == 1 ? new long[] { 5, 3 } : [3, 5]])
            .Input([2, 4, .. right == 1 ? new long[] { 6, 5 } : [5, 6]])
            .With("transA", left)
            .With("transB", right)
            .With("alpha", 0.25f)
            .Check();

    [Fact]
    public void FusedMatMul_of_batches_behind_the_rows_keeps_its_numbers() =>
        new OneNode("FusedMatMul").Input(3, 2, 4, 5).Input(5, 2, 4, 6).With("transBatchA", 1L).With("transBatchB", 1L).Check();

    [Fact]
    public void FusedMatMul_of_transposed_batches_behind_the_rows_keeps_its_numbers() =>
        new OneNode("FusedMatMul").Input(5, 2, 4, 3).Input(2, 4, 5, 6).With("transBatchA", 1L).With("transA", 1L).Check();
}
