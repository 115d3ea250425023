using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites;

/// <summary>What of a value is needed: the entries of one axis that are read.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Rows">The int64 value [batch, reads, 1] that says which entries, for every row of the batch; empty: the first.</param>
internal readonly record struct Cut(int Axis, string Rows)
{
    /// <summary>Whether a value's cut entries can be taken: by batch, or, where it is the same for all rows, for each row anew.</summary>
    public bool Fits(Dim[] value, Dim[] output, Dim batch, int axis, bool broadcasts)
    {
        if (Rows.Length == 0)
        {
            return true;
        }

        if (output.Length == 0 || output[0] != batch || batch.IsUnknown || Axis == 0)
        {
            return false;
        }

        if (value.Length == output.Length)
        {
            return axis > 0 && (value[0] == batch || (broadcasts && value[0].Value == 1));
        }

        return broadcasts && value.Length < output.Length;
    }

    /// <summary>
    /// The needed entries of a value along <paramref name="axis"/>; values that are alike for the whole batch get its axis.
    /// </summary>
    public Value Take(Value value, int axis, int rank)
    {
        var tape = value.Tape;
        if (Rows.Length == 0)
        {
            return value.Gather(tape.List([0]), axis);
        }

        var rows = tape[Rows];
        var missing = rank - value.Rank!.Value;
        if (missing == 0 && value.Info.Dims![0].Value != 1)
        {
            if (axis == 1)
            {
                return tape.Emit("GatherND", [value, rows], ("batch_dims", 1L));
            }

            long[] swap =
            [
                .. Enumerable
                    .Range(0, rank)
                    .Select(i =>
                        i == 1 ? axis
                        : i == axis ? 1L
                        : i
                    ),
            ];
            return tape.Emit("GatherND", [value.Transpose(swap), rows], ("batch_dims", 1L)).Transpose(swap);
        }

        // Without a batch axis: [.., S, ..] gathered by [batch, reads] is [.., batch, reads, ..], and the batch goes first.
        var bare =
            missing == 0 ? value.Squeeze(0)
            : missing == 1 ? value
            : value.Unsqueeze([.. Enumerable.Range(0, missing - 1).Select(i => (long)i)]);
        var at = missing == 0 ? axis - 1 : axis + missing - 1;
        var picked = bare.Gather(rows.Squeeze(2), at);
        return at == 0 ? picked : picked.Transpose([at, .. Enumerable.Range(0, rank).Where(i => i != at).Select(i => (long)i)]);
    }
}
