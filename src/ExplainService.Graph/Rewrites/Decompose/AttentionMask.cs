using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>Masks of fused attention as numbers that are added to the scores.</summary>
internal static class AttentionMask
{
    /// <summary>0, 1, … below a size that a run computes, int64 [size].</summary>
    public static Value Indices(Value size)
    {
        var tape = size.Tape;
        return tape.Emit("Range", tape.Scalar(0, ElementType.Int64), size.Squeeze(0), tape.Scalar(1, ElementType.Int64));
    }

    /// <summary>0 where the condition holds and <paramref name="otherwise"/> elsewhere.</summary>
    public static Value Unless(Value seen, double otherwise) =>
        seen.Where(seen.Tape.Scalar(0), seen.Tape.Scalar(Math.Max(otherwise, float.MinValue)));

    /// <summary>True where a key lies after the query: queries stand behind <paramref name="past"/> keys (int64 [1]).</summary>
    /// <returns>Bool [queries, keys].</returns>
    public static Value Ahead(Value queries, Value keys, Value? past)
    {
        var rows = Indices(queries);
        if (past is not null)
        {
            rows += past;
        }

        return rows.Tape.Emit("Less", rows.Unsqueeze(1), Indices(keys).Unsqueeze(0));
    }

    /// <summary>The causal mask: lowest where a key lies after the query, else what the other mask says.</summary>
    public static Value Causal(Value queries, Value keys, Value? past, Value? other)
    {
        var tape = queries.Tape;
        return Ahead(queries, keys, past).Where(tape.Scalar(float.MinValue), other ?? tape.Scalar(0));
    }

    /// <summary>
    /// com.microsoft's mask_index or key_padding_mask: how many keys a row has ([batch]; [2 × batch] with where they start behind them;
    /// [3 × batch + 2] with offsets), or which are seen ([batch, keys], [batch, queries, keys], [batch, 1, queries, keys]).
    /// </summary>
    /// <param name="mask">Int32.</param>
    /// <param name="batch">Int64 [1].</param>
    /// <param name="keys">Int64 [1].</param>
    /// <param name="batchDim">What is known of the batch.</param>
    /// <param name="filter">Added where a key is not seen.</param>
    /// <returns>Null for a form that is not known.</returns>
    public static Value? Of(Value mask, Value batch, Value keys, Dim batchDim, double filter)
    {
        if (mask.Rank != 1)
        {
            var seen = mask.Tape.Emit("Greater", mask, mask.Tape.Scalar(0, mask.Type));
            return mask.Rank switch
            {
                2 => Unless(seen.Unsqueeze(1, 2), filter),
                3 => Unless(seen.Unsqueeze(1), filter),
                4 => Unless(seen, filter),
                _ => null,
            };
        }

        var size = mask.Info.Dims![0];
        var positions = Indices(keys);
        var zero = mask.Tape.List([0]);
        var ends = size == batchDim ? mask : mask.Slice(0, zero, batch);
        var inside = mask.Tape.Emit("Less", positions, Column(ends));
        if (size == batchDim * 2 && !size.IsUnknown && size != batchDim)
        {
            var starts = mask.Slice(0, batch, batch + batch);
            inside = mask.Tape.Emit("And", inside, mask.Tape.Emit("Not", mask.Tape.Emit("Less", positions, Column(starts))));
        }

        return Unless(inside, filter);
    }

    private static Value Column(Value rows) => rows.Cast(ElementType.Int64).Reshape(-1, 1, 1, 1);
}
