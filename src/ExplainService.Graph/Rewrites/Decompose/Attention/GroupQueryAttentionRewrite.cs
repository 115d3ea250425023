using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose.Attention;

/// <summary>
/// com.microsoft.GroupQueryAttention (Ainslie et al. 2023): causal, several query heads to a head of keys and values. Rows may be
/// padded on the right; a past that is as long for every row stands before the keys.
/// </summary>
internal sealed class GroupQueryAttentionRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "GroupQueryAttention")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        var (heads, keyHeads) = (node.Int("num_heads"), node.Int("kv_num_heads"));
        var isSupported =
            heads > 0
            && keyHeads > 0
            && heads % keyHeads == 0
            && node.Int("smooth_softmax") <= 0
            && !step.Wants(3)
            && Enumerable.Range(11, 3).All(index => step.In(index) is null);
        if (!isSupported || Operands(step, heads, keyHeads) is not var (query, key, value))
        {
            return false;
        }

        var tape = step.Tape;
        var past = step.In(3) is { } pastKey && step.In(4) is not null ? pastKey.Size(2) : null;
        if (node.Int("do_rotary") != 0)
        {
            if (step.In(7) is not { } cosines || step.In(8) is not { } sines)
            {
                return false;
            }

            var positions = step.In(9) ?? Positions(query.Size(2), past);
            var (cos, sin) = (cosines.Gather(positions), sines.Gather(positions));
            var interleaved = node.Int("rotary_interleaved") != 0;
            var turned = cosines.Info.Dims is [_, { Value: { } half }] ? 2 * half : 0;
            (query, key) = (Rotation.Apply(query, cos, sin, interleaved, turned), Rotation.Apply(key, cos, sin, interleaved, turned));
        }

        if (past is not null)
        {
            (key, value) = (tape.Concat(2, step.Need(3), key), tape.Concat(2, step.Need(4), value));
        }

        step.Out(1, key);
        step.Out(2, value);
        var mask = Mask(step, query.Size(2), key.Size(2), past);
        var group = heads / keyHeads;
        var attended = Heads.Attend(
            query,
            Heads.Repeat(key, keyHeads, group),
            Heads.Repeat(value, keyHeads, group),
            node.Float("scale"),
            mask,
            node.Float("softcap")
        );
        step.Out(0, Heads.Join(attended));
        return true;
    }

    private static (Value Query, Value Key, Value Value)? Operands(RewriteStep step, long heads, long keyHeads)
    {
        var query = step.Need(0);
        if (query.Rank != 3)
        {
            return null;
        }

        if (step.In(1) is { } key && step.In(2) is { } value)
        {
            return (Heads.Split(query, heads), Heads.Split(key, keyHeads), Heads.Split(value, keyHeads));
        }

        if (query.Info.Dims![2].Value is not { } width)
        {
            return null;
        }

        var size = width / (heads + (2 * keyHeads));
        var parts = step.Tape.Split(query, 2, heads * size, keyHeads * size, keyHeads * size);
        return (Heads.Split(parts[0], heads), Heads.Split(parts[1], keyHeads), Heads.Split(parts[2], keyHeads));
    }

    /// <summary>Int64 [1, sequence].</summary>
    private static Value Positions(Value length, Value? past)
    {
        var positions = AttentionMask.Indices(length);
        return (past is null ? positions : positions + past).Unsqueeze(0);
    }

    private static Value Mask(RewriteStep step, Value queries, Value keys, Value? past)
    {
        var tape = step.Tape;
        Value? mask = null;
        if (step.In(5) is { } lengths)
        {
            // seqlens_k is the index of a row's last key.
            var last = lengths.Cast(ElementType.Int64).Reshape(-1, 1, 1, 1);
            mask = AttentionMask.Unless(tape.Emit("Not", tape.Emit("Less", last, AttentionMask.Indices(keys))), float.MinValue);
        }

        mask = AttentionMask.Causal(queries, keys, past, mask);
        if (step.Node.Int("local_window_size", -1) is > 0 and var window)
        {
            var rows = AttentionMask.Indices(queries);
            if (past is not null)
            {
                rows += past;
            }

            var gone = tape.Emit("Less", AttentionMask.Indices(keys).Unsqueeze(0), (rows - (window - 1)).Unsqueeze(1));
            mask = gone.Where(tape.Scalar(float.MinValue), mask);
        }

        return step.In(10) is { } bias ? mask + bias : mask;
    }
}
