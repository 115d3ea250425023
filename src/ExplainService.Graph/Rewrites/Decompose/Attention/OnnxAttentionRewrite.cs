using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose.Attention;

/// <summary>ONNX's own Attention (opset 23 and 24), with grouped heads, a past, and masks of truth values or numbers.</summary>
internal sealed class OnnxAttentionRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("", "Attention")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        if (step.Wants(3))
        {
            return false;
        }

        var tape = step.Tape;
        var (query, key, value) = (step.Need(0), step.Need(1), step.Need(2));
        var isFlat = query.Rank == 3;
        if (isFlat)
        {
            var (queryHeads, keyHeads) = (node.Int("q_num_heads"), node.Int("kv_num_heads"));
            if (queryHeads <= 0 || keyHeads <= 0)
            {
                return false;
            }

            (query, key, value) = (Heads.Split(query, queryHeads), Heads.Split(key, keyHeads), Heads.Split(value, keyHeads));
        }

        Value? past = null;
        if (step.In(4) is { } pastKey && step.In(5) is { } pastValue)
        {
            past = pastKey.Size(2);
            (key, value) = (tape.Concat(2, pastKey, key), tape.Concat(2, pastValue, value));
        }

        step.Out(1, key);
        step.Out(2, value);
        if (query.Info.Dims?[1].Value is not { } heads || key.Info.Dims?[1].Value is not { } groups || heads % groups != 0)
        {
            return false;
        }

        var mask = Mask(step, query, key, past);
        var attended = Heads.Attend(
            query,
            Heads.Repeat(key, groups, heads / groups),
            Heads.Repeat(value, groups, heads / groups),
            node.Float("scale"),
            mask,
            node.Float("softcap")
        );
        step.Out(0, isFlat ? Heads.Join(attended) : attended);
        return true;
    }

    private static Value? Mask(RewriteStep step, Value query, Value key, Value? past)
    {
        var mask = step.In(3) switch
        {
            null => null,
            { Type: ElementType.Bool } seen => AttentionMask.Unless(seen, float.MinValue),
            var numbers => numbers,
        };
        if (step.In(6) is { } lengths)
        {
            var inside = step.Tape.Emit("Less", AttentionMask.Indices(key.Size(2)), lengths.Cast(ElementType.Int64).Reshape(-1, 1, 1, 1));
            var padding = AttentionMask.Unless(inside, float.MinValue);
            mask = mask is null ? padding : inside.Where(mask, step.Tape.Scalar(float.MinValue));
        }

        return step.Node.Int("is_causal") != 0 ? AttentionMask.Causal(query.Size(2), key.Size(2), past, mask) : mask;
    }
}
