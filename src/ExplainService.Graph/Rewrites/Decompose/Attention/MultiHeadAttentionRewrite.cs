using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose.Attention;

/// <summary>com.microsoft.MultiHeadAttention: queries, keys and values are given apart or packed.</summary>
internal sealed class MultiHeadAttentionRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "MultiHeadAttention")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        var heads = node.Int("num_heads");
        if (heads <= 0 || step.Wants(3) || step.In(8) is not null || step.In(9) is not null)
        {
            return false;
        }

        if (Operands(step, heads) is not var (query, key, value))
        {
            return false;
        }

        var tape = step.Tape;
        Value? before = null;
        if (step.In(6) is { } pastKey && step.In(7) is { } pastValue)
        {
            before = pastKey.Size(2);
            (key, value) = (tape.Concat(2, pastKey, key), tape.Concat(2, pastValue, value));
        }

        if (FusedAttention.Of(node, query, key, value, before, step.In(4), step.In(5)) is not { } attended)
        {
            return false;
        }

        step.Out(0, attended);
        step.Out(1, key);
        step.Out(2, value);
        return true;
    }

    /// <summary>Each [batch, heads, sequence, size]; null for a layout that is not known.</summary>
    private static (Value Query, Value Key, Value Value)? Operands(RewriteStep step, long heads)
    {
        var (query, key, value, bias) = (step.Need(0), step.In(1), step.In(2), step.In(3));
        Value?[] biases = [null, null, null];
        if (query.Rank == 5)
        {
            var packed = Unpack(query, 3);
            if (bias is not null)
            {
                var width = query.Info.Dims![4].Value * heads;
                if (width is not { } equal)
                {
                    return null;
                }

                biases = step.Tape.Split(bias, 0, equal, equal, equal);
            }

            return (Biased(packed[0], biases[0], heads), Biased(packed[1], biases[1], heads), Biased(packed[2], biases[2], heads));
        }

        if (query.Rank != 3 || key is null)
        {
            return null;
        }

        if (bias is not null)
        {
            if (query.Info.Dims![2].Value is not { } width || bias.Info.Dims is not [{ Value: { } all }])
            {
                return null;
            }

            biases = step.Tape.Split(bias, 0, width, width, all - (2 * width));
        }

        var first = Biased(Heads.Split(query, heads), biases[0], heads);
        if (key.Rank == 5)
        {
            var packed = Unpack(key, 2);
            return (first, Biased(packed[0], biases[1], heads), Biased(packed[1], biases[2], heads));
        }

        if (value is null)
        {
            return null;
        }
        // Keys and values that come as heads already are another layer's cache, with their bias in.
        if (key.Rank == 4)
        {
            return value.Rank == 4 ? (first, key, value) : null;
        }

        return key.Rank == 3 && value.Rank == 3
            ? (first, Biased(Heads.Split(key, heads), biases[1], heads), Biased(Heads.Split(value, heads), biases[2], heads))
            : null;
    }

    /// <summary>[batch, sequence, heads, parts, size] to parts of [batch, heads, sequence, size].</summary>
    private static Value[] Unpack(Value packed, int parts) =>
        [.. Enumerable.Range(0, parts).Select(i => packed.Slice(3, i, i + 1).Squeeze(3).Transpose(0, 2, 1, 3))];

    private static Value Biased(Value split, Value? bias, long heads) => bias is null ? split : split + bias.Reshape(1, heads, 1, -1);
}
