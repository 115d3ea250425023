using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>com.microsoft.EmbedLayerNormalization: BERT's embedding block, and how many tokens each row has.</summary>
internal sealed class EmbedLayerNormalizationRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "EmbedLayerNormalization")];

    public bool Apply(RewriteStep step)
    {
        Emit(step, step.Need(2), step.Need(3), step.In(4), step.Need(5), step.Need(6), step.In(7), step.In(8));
        return true;
    }

    public static void Emit(
        RewriteStep step,
        Value words,
        Value places,
        Value? segments,
        Value scale,
        Value bias,
        Value? mask,
        Value? positions
    )
    {
        var (tape, ids) = (step.Tape, step.Need(0));
        var sum = words.Gather(ids) + places.Gather(positions ?? AttentionMask.Indices(ids.Size(1)));
        if (segments is not null && step.In(1) is { } types)
        {
            sum += segments.Gather(types);
        }

        step.Out(0, tape.Emit("LayerNormalization", [sum, scale, bias], ("axis", -1L), ("epsilon", step.Node.Float("epsilon", 1e-12f))));
        if (step.Wants(1))
        {
            step.Out(1, Lengths(mask, ids));
        }

        step.Out(2, sum);
    }

    /// <summary>Tokens of each row, int32 [batch]; 0 without a mask.</summary>
    private static Value Lengths(Value? mask, Value ids)
    {
        var tape = ids.Tape;
        if (mask is null)
        {
            return tape.Scalar(0, ElementType.Int32).Expand(ids.Size(0));
        }

        return mask.EqualTo(tape.Scalar(1, mask.Type)).Cast(ElementType.Int32).ReduceSum([1], keepdims: false);
    }
}
