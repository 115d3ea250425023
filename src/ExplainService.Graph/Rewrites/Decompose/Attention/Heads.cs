using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose.Attention;

/// <summary>Scaled dot-product attention over heads, the core of every fused attention (Vaswani et al. 2017).</summary>
internal static class Heads
{
    /// <summary>[batch, sequence, heads × size] to [batch, heads, sequence, size].</summary>
    public static Value Split(Value value, long heads) => value.Reshape(0, 0, heads, -1).Transpose(0, 2, 1, 3);

    /// <summary>[batch, heads, sequence, size] to [batch, sequence, heads × size].</summary>
    public static Value Join(Value value) => value.Transpose(0, 2, 1, 3).Reshape(0, 0, -1);

    /// <summary>
    /// Each of the heads again for every query head of its group: [batch, heads, keys, size] to [batch, heads × group, keys, size].
    /// </summary>
    public static Value Repeat(Value value, long heads, long group)
    {
        if (group == 1)
        {
            return value;
        }

        var tape = value.Tape;
        var shape = tape.Concat(0, value.Size(0), tape.List([heads, group]), value.Size(2), value.Size(3));
        var grown = tape.Concat(0, value.Size(0), tape.List([heads * group]), value.Size(2), value.Size(3));
        return value.Unsqueeze(2).Expand(shape).Reshape(grown);
    }

    /// <summary>softmax(cap(q kᵀ · scale) + bias) v, [batch, heads, queries, size of values].</summary>
    /// <param name="query">[batch, heads, queries, size].</param>
    /// <param name="key">[batch, heads, keys, size].</param>
    /// <param name="value">[batch, heads, keys, size of values].</param>
    /// <param name="scale">0: 1/√size.</param>
    /// <param name="bias">Broadcasts to [batch, heads, queries, keys]; null: none.</param>
    /// <param name="cap">Scores are squashed into ±cap by a hyperbolic tangent; 0: not.</param>
    public static Value Attend(Value query, Value key, Value value, double scale, Value? bias, double cap = 0)
    {
        var scores = Scaled(query, scale).MatMul(key.Transpose(0, 1, 3, 2));
        if (cap > 0)
        {
            scores = (scores / cap).Tanh() * cap;
        }

        if (bias is not null)
        {
            scores += bias;
        }

        return scores.Softmax().MatMul(value);
    }

    private static Value Scaled(Value query, double scale)
    {
        if (scale != 0)
        {
            return query * scale;
        }

        return query.Info.Dims?[3].Value is { } size ? query * (1 / Math.Sqrt(size)) : query / query.Size(3).Cast(query.Type).Sqrt();
    }
}
