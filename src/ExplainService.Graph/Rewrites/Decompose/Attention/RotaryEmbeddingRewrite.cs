namespace ExplainService.Graph.Rewrites.Decompose.Attention;

/// <summary>RotaryEmbedding of com.microsoft and, from opset 23, of ONNX: heads apart or side by side.</summary>
internal sealed class RotaryEmbeddingRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "RotaryEmbedding"), ("", "RotaryEmbedding")];

    public bool Apply(RewriteStep step)
    {
        var (node, input) = (step.Node, step.Need(0));
        var isOnnx = node.Domain.Length == 0;
        var (cosines, sines, positions) = isOnnx ? (step.Need(1), step.Need(2), step.In(3)) : (step.Need(2), step.Need(3), step.In(1));
        if (node.Float("scale", 1) != 1 || node.Int("is_packed_batching") != 0 || input.Rank is not (3 or 4))
        {
            return false;
        }

        if (positions is null && cosines.Rank != 3)
        {
            return false;
        }

        var turned = node.Int("rotary_embedding_dim");
        if (turned == 0 && cosines.Info.Dims?[^1].Value is { } half)
        {
            turned = 2 * half;
        }

        var heads = node.Int("num_heads");
        if (input.Rank == 3 && heads == 0)
        {
            if (input.Info.Dims![2].Value is not { } width || turned == 0)
            {
                return false;
            }

            heads = width / turned;
        }

        var value = input.Rank == 3 ? Heads.Split(input, heads) : input;
        if (positions is { Rank: 1 })
        {
            // One number: the position of the first token.
            positions = (AttentionMask.Indices(value.Size(2)) + positions).Unsqueeze(0);
        }

        var (cos, sin) = positions is null ? (cosines, sines) : (cosines.Gather(positions), sines.Gather(positions));
        var result = Rotation.Apply(value, cos, sin, node.Int("interleaved") != 0, turned);
        step.Out(0, input.Rank == 3 ? Heads.Join(result) : result);
        return true;
    }
}
