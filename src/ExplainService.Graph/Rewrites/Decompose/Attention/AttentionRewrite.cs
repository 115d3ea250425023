using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose.Attention;

/// <summary>com.microsoft.Attention: one product makes queries, keys and values.</summary>
internal sealed class AttentionRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "Attention")];

    public bool Apply(RewriteStep step) => Emit(step, step.Need(0), step.Need(1), step.In(2), step.In(3), step.In(4), step.In(5));

    /// <summary>The operator on its inputs in float.</summary>
    /// <param name="step">Where it goes.</param>
    /// <param name="input">[batch, sequence, width].</param>
    /// <param name="weights">[width, queries + keys + values].</param>
    /// <param name="bias">[queries + keys + values].</param>
    /// <param name="mask">See <see cref="AttentionMask.Of"/>.</param>
    /// <param name="past">[2, batch, heads, past, size].</param>
    /// <param name="scoreBias">Broadcasts to [batch, heads, queries, keys].</param>
    public static bool Emit(RewriteStep step, Value input, Value weights, Value? bias, Value? mask, Value? past, Value? scoreBias)
    {
        var node = step.Node;
        var heads = node.Int("num_heads");
        if (heads <= 0 || node.Int("do_rotary") != 0 || node.Int("past_present_share_buffer") != 0 || node.Outputs.Count > 2)
        {
            return false;
        }

        if (Sizes(node, weights) is not { } sizes)
        {
            return false;
        }

        var tape = step.Tape;
        var packed = input.MatMul(weights);
        if (bias is not null)
        {
            packed += bias;
        }

        var parts = tape.Split(packed, 2, sizes);
        var (query, key, value) = (Heads.Split(parts[0], heads), Heads.Split(parts[1], heads), Heads.Split(parts[2], heads));
        Value? before = null;
        if (past is not null)
        {
            before = past.Size(3);
            key = tape.Concat(2, past.Slice(0, 0, 1).Squeeze(0), key);
            value = tape.Concat(2, past.Slice(0, 1, 2).Squeeze(0), value);
        }

        if (step.Wants(1))
        {
            step.Out(1, tape.Concat(0, key.Unsqueeze(0), value.Unsqueeze(0)));
        }

        if (FusedAttention.Of(node, query, key, value, before, mask, scoreBias) is not { } attended)
        {
            return false;
        }

        step.Out(0, attended);
        return true;
    }

    private static long[]? Sizes(Node node, Value weights)
    {
        if (node.Ints("qkv_hidden_sizes") is { Length: 3 } sizes)
        {
            return sizes;
        }

        return weights.Info.Dims is [_, { Value: { } width }] && width % 3 == 0 ? [width / 3, width / 3, width / 3] : null;
    }
}
