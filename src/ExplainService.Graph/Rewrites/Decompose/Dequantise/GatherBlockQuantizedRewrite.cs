namespace ExplainService.Graph.Rewrites.Decompose.Dequantise;

/// <summary>com.microsoft.GatherBlockQuantized: rows of a table in blocks that share a scale.</summary>
internal sealed class GatherBlockQuantizedRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "GatherBlockQuantized")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        if (step.Constant(0) is not { } table || step.Constant(2) is not { } scales || (step.In(3) is not null && step.Constant(3) is null))
        {
            return false;
        }

        var (axis, block, bits) = (node.Int("quantize_axis", 1), (int)node.Int("block_size", 128), (int)node.Int("bits", 4));
        axis = axis < 0 ? axis + table.Dims.Count : axis;
        var zeros = step.Constant(3);
        if (table.Type == ElementType.UInt8)
        {
            if (bits == 4)
            {
                // Two numbers a byte along the last axis; zero points too, which an odd number of blocks would leave half a byte of.
                if (axis != table.Dims.Count - 1 || (zeros is not null && scales.Dims[^1] % 2 != 0))
                {
                    return false;
                }

                (table, zeros) = (table.AsHalves(), zeros?.AsHalves());
            }

            zeros ??= Weight.Of<byte>(table.Name + "_middle", [], [(byte)(1 << (bits - 1))]);
        }

        var whole = new Dequantisation(table, scales, zeros, (int)axis, (int)block);
        if (!whole.Fits)
        {
            return false;
        }

        var weight = step.Quantised.Deferred(node.Inputs[0], (node.Inputs[2], node.Input(3), axis, block, bits), whole.As);
        step.Out(0, weight.Gather(step.Need(1), node.Int("gather_axis")));
        return true;
    }
}
