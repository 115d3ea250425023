using ExplainService.Graph;
using Xunit;

namespace ExplainService.Tests.Graph.Rewrites.Decompose.Attention;

/// <summary>Fused attention gives the same numbers after it is taken apart, in every form of mask, past, packing and scale.</summary>
public class FusedAttentionTests
{
    private const int B = 2,
        S = 5,
        N = 3,
        H = 4,
        P = 2;

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void Attention_keeps_its_numbers(long unidirectional) => Packed().With("unidirectional", unidirectional).Check();

    [Fact]
    public void Attention_with_values_of_another_size_keeps_its_numbers() =>
        new OneNode("Attention")
            .Input(B, S, 7)
            .Constant(7, 12 + 12 + 6)
            .Constant(30)
            .With("num_heads", (long)N)
            .With("qkv_hidden_sizes", new long[] { 12, 12, 6 })
            .With("scale", 0.3f)
            .Check();

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void Attention_of_rows_padded_on_the_right_keeps_its_numbers(long unidirectional) =>
        Packed().Feed<int>([3, 5], B).With("unidirectional", unidirectional).Check();

    [Fact]
    public void Attention_of_rows_padded_on_the_left_keeps_its_numbers() =>
        Packed().Feed<int>([5, 4, 2, 0], 2 * B).Declared(Dim.Of("size_2") * 2).Check();

    [Theory]
    [InlineData(0L, -10000f)]
    [InlineData(1L, -10000f)]
    [InlineData(0L, -3.4028235e38f)]
    public void Attention_with_a_mask_of_keys_keeps_its_numbers(long unidirectional, float filter) =>
        Packed()
            .Feed<int>([1, 0, 1, 1, 0, 1, 1, 1, 1, 1], B, S)
            .With("unidirectional", unidirectional)
            .With("mask_filter_value", filter)
            .Check();

    [Fact]
    public void Attention_with_a_mask_of_queries_and_keys_keeps_its_numbers() =>
        Packed().Feed([.. Enumerable.Range(0, B * S * S).Select(i => i % 3 == 1 ? 0 : 1)], B, S, S).Check();

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void Attention_behind_a_past_keeps_its_numbers(long unidirectional) =>
        Packed()
            .Feed([.. Enumerable.Range(0, B * (S + P)).Select(i => i % 4 == 1 ? 0 : 1)], B, S + P)
            .Input(2, B, N, P, H)
            .With("unidirectional", unidirectional)
            .Check(outputs: 2);

    [Fact]
    public void Attention_with_a_bias_of_scores_keeps_its_numbers() => Packed().None().None().Input(1, N, S, S).Check();

    [Fact]
    public void MultiHeadAttention_keeps_its_numbers() => Apart().Check();

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void MultiHeadAttention_with_a_bias_and_padding_keeps_its_numbers(long unidirectional) =>
        Apart()
            .Constant(3 * N * H)
            .Feed<int>([1, 1, 1, 1, 0, 1, 1, 1, 0, 0], B, S)
            .With("unidirectional", unidirectional)
            .With("scale", 0.4f)
            .Check();

    [Fact]
    public void MultiHeadAttention_of_rows_with_lengths_keeps_its_numbers() => Apart().None().Feed<int>([4, 2], B).Check();

    [Fact]
    public void MultiHeadAttention_with_a_bias_of_scores_keeps_its_numbers() => Apart().None().None().Input(B, 1, S, S).Check();

    [Fact]
    public void MultiHeadAttention_behind_a_past_keeps_its_numbers() =>
        Apart().Constant(3 * N * H).None().None().Input(B, N, P, H).Input(B, N, P, H).With("unidirectional", 1L).Check(outputs: 3);

    [Fact]
    public void MultiHeadAttention_to_another_sequence_with_values_of_another_size_keeps_its_numbers() =>
        new OneNode("MultiHeadAttention").Input(B, S, N * H).Input(B, 7, N * H).Input(B, 7, N * 2).With("num_heads", (long)N).Check();

    [Fact]
    public void MultiHeadAttention_to_a_cache_keeps_its_numbers() =>
        new OneNode("MultiHeadAttention").Input(B, S, N * H).Input(B, N, 7, H).Input(B, N, 7, H).With("num_heads", (long)N).Check();

    // ONNX Runtime has no processor kernel for packed operands: compared with the same numbers apart.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void MultiHeadAttention_packed_keeps_its_numbers(int parts)
    {
        float[] packed = [.. Enumerable.Range(0, B * S * N * parts * H).Select(i => MathF.Sin(i))];
        float[] query = [.. Enumerable.Range(0, B * S * N * H).Select(i => MathF.Cos(i))];
        float[] bias = [.. Enumerable.Range(0, 3 * N * H).Select(i => MathF.Sin(i * 3))];
        float[] Part(int part) => [.. Enumerable.Range(0, B * S * N * H).Select(i => packed[(((i / H) * parts) + part) * H + (i % H)])];
        var together = new OneNode("MultiHeadAttention");
        together =
            parts == 3
                ? together.Feed(packed, B, S, N, 3, H).None().None()
                : together.Feed(query, B, S, N * H).Feed(packed, B, S, N, 2, H).None();
        var apart = new OneNode("MultiHeadAttention")
            .Feed(parts == 3 ? Part(0) : query, B, S, N * H)
            .Feed(Part(parts - 2), B, S, N * H)
            .Feed(Part(parts - 1), B, S, N * H);
        together
            .Constant(bias, 3 * N * H)
            .With("num_heads", (long)N)
            .CheckAgainst(apart.Constant(bias, 3 * N * H).With("num_heads", (long)N));
    }

    [Theory]
    [InlineData(0L, -1L, 0f)]
    [InlineData(1L, -1L, 0f)]
    [InlineData(0L, 2L, 0f)]
    [InlineData(0L, -1L, 1.5f)]
    public void GroupQueryAttention_keeps_its_numbers(long rotary, long window, float cap) =>
        Grouped().With("do_rotary", rotary).With("local_window_size", window).With("softcap", cap).Check(outputs: 3);

    [Fact]
    public void GroupQueryAttention_with_neighbouring_pairs_and_a_scale_keeps_its_numbers() =>
        Grouped().With("do_rotary", 1L).With("rotary_interleaved", 1L).With("scale", 0.2f).Check(outputs: 3);

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void GroupQueryAttention_behind_a_past_keeps_its_numbers(long rotary) =>
        new OneNode("GroupQueryAttention")
            .Input(B, 1, 4 * 16)
            .Input(B, 1, 2 * 16)
            .Input(B, 1, 2 * 16)
            .Input(B, 2, P, 16)
            .Input(B, 2, P, 16)
            .Feed<int>([P, P], B)
            .Constant<int>([P + 1], 1)
            .Constant(16, 8)
            .Constant(16, 8)
            .With("num_heads", 4L)
            .With("kv_num_heads", 2L)
            .With("do_rotary", rotary)
            .Check(outputs: 3);

    [Fact]
    public void GroupQueryAttention_packed_keeps_its_numbers() =>
        new OneNode("GroupQueryAttention")
            .Input(B, S, (4 + 2 + 2) * 16)
            .None()
            .None()
            .None()
            .None()
            .Feed<int>([S - 1, S - 1], B)
            .Constant<int>([S], 1)
            .With("num_heads", 4L)
            .With("kv_num_heads", 2L)
            .Check(outputs: 3);

    [Theory]
    [InlineData(0L, 0f)]
    [InlineData(1L, 0f)]
    [InlineData(0L, 2f)]
    public void Onnx_attention_of_heads_keeps_its_numbers(long causal, float cap) =>
        new OneNode("Attention", "", 23)
            .Input(B, 4, S, H)
            .Input(B, 2, S, H)
            .Input(B, 2, S, H + 2)
            .With("is_causal", causal)
            .With("softcap", cap)
            .Check();

    [Fact]
    public void Onnx_attention_with_truth_values_keeps_its_numbers() =>
        new OneNode("Attention", "", 23)
            .Input(B, S, 2 * H)
            .Input(B, 7, 2 * H)
            .Input(B, 7, 2 * H)
            .Feed([.. Enumerable.Range(0, S * 7).Select(i => i % 3 != 1)], S, 7)
            .With("q_num_heads", 2L)
            .With("kv_num_heads", 2L)
            .With("scale", 0.3f)
            .Check();

    [Fact]
    public void Onnx_attention_caps_scores_before_it_masks_them() =>
        new OneNode("Attention", "", 23)
            .Input(B, 4, S, H)
            .Input(B, 4, S, H)
            .Input(B, 4, S, H)
            .Input(1, 4, S, S)
            .With("softcap", 1.5f)
            .Check();

    [Fact]
    public void Onnx_attention_of_rows_with_lengths_keeps_its_numbers() =>
        new OneNode("Attention", "", 24)
            .Input(B, 4, S, H)
            .Input(B, 4, S, H)
            .Input(B, 4, S, H)
            .None()
            .None()
            .None()
            .Feed<long>([3, 5], B)
            .Check();

    [Fact]
    public void Onnx_attention_behind_a_past_keeps_its_numbers() =>
        new OneNode("Attention", "", 23)
            .Input(B, S, 4 * H)
            .Input(B, S, 2 * H)
            .Input(B, S, 2 * H)
            .Input(B, 1, S, S + P)
            .Input(B, 2, P, H)
            .Input(B, 2, P, H)
            .With("q_num_heads", 4L)
            .With("kv_num_heads", 2L)
            .With("is_causal", 1L)
            .Check(outputs: 3);

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void RotaryEmbedding_keeps_its_numbers(long interleaved) =>
        new OneNode("RotaryEmbedding")
            .Input(B, S, N * H)
            .Feed<long>([.. Enumerable.Range(0, B * S).Select(i => (long)(i * 3 % 11))], B, S)
            .Constant(12, H / 2)
            .Constant(12, H / 2)
            .With("interleaved", interleaved)
            .Check();

    [Fact]
    public void RotaryEmbedding_from_one_position_keeps_its_numbers() =>
        new OneNode("RotaryEmbedding").Input(B, N, S, H).Feed<long>([4], 1).Constant(12, H / 2).Constant(12, H / 2).Check();

    [Fact]
    public void RotaryEmbedding_of_a_part_keeps_its_numbers() =>
        new OneNode("RotaryEmbedding")
            .Input(B, S, N * 16)
            .Feed<long>([.. Enumerable.Range(0, B * S).Select(i => (long)(i % 7))], B, S)
            .Constant(12, 4)
            .Constant(12, 4)
            .With("rotary_embedding_dim", 8L)
            .With("num_heads", (long)N)
            .Check();

    [Theory]
    [InlineData(0L, 0L)]
    [InlineData(1L, 4L)]
    public void Onnx_rotary_embedding_keeps_its_numbers(long interleaved, long turned) =>
        new OneNode("RotaryEmbedding", "", 23)
            .Input(B, N, S, 8)
            .Constant(12, turned > 0 ? turned / 2 : 4)
            .Constant(12, turned > 0 ? turned / 2 : 4)
            .Feed<long>([.. Enumerable.Range(0, B * S).Select(i => (long)(i % 7))], B, S)
            .With("interleaved", interleaved)
            .With("rotary_embedding_dim", turned)
            .Check();

    [Fact]
    public void Onnx_rotary_embedding_with_given_angles_keeps_its_numbers() =>
        new OneNode("RotaryEmbedding", "", 23).Input(B, S, N * 8).Input(B, S, 4).Input(B, S, 4).With("num_heads", (long)N).Check();

    private static OneNode Packed() =>
        new OneNode("Attention").Input(B, S, 7).Constant(7, 3 * N * H).Constant(3 * N * H).With("num_heads", (long)N);

    private static OneNode Apart() =>
        new OneNode("MultiHeadAttention").Input(B, S, N * H).Input(B, S, N * H).Input(B, S, N * H).With("num_heads", (long)N);

    private static OneNode Grouped() =>
        new OneNode("GroupQueryAttention")
            .Input(B, S, 4 * 16)
            .Input(B, S, 2 * 16)
            .Input(B, S, 2 * 16)
            .None()
            .None()
            .Feed<int>([S - 1, S - 1], B)
            .Constant<int>([S], 1)
            .Constant(16, 8)
            .Constant(16, 8)
            .With("num_heads", 4L)
            .With("kv_num_heads", 2L);
}
