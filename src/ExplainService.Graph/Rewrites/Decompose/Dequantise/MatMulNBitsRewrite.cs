namespace ExplainService.Graph.Rewrites.Decompose.Dequantise;

/// <summary>com.microsoft.MatMulNBits: a weight [K, N] stored by columns, in blocks of 2, 4 or 8 bit numbers that share a scale.</summary>
internal sealed class MatMulNBitsRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "MatMulNBits")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        if (step.Constant(1) is not { } packed || step.Constant(2) is not { } scales)
        {
            return false;
        }

        var zeros = step.Constant(3);
        var groups = step.Constant(4);
        if ((step.In(3) is not null && zeros is null) || (step.In(4) is not null && groups is null))
        {
            return false;
        }

        var layout = new BlockedBits((int)node.Int("bits", 4), (int)node.Int("K"), (int)node.Int("N"), (int)node.Int("block_size"));
        if (layout.Bits is not (2 or 4 or 8) || layout.Block <= 0 || packed.Type != ElementType.UInt8)
        {
            return false;
        }

        if (!layout.Fits(packed, scales, zeros, groups))
        {
            throw new GraphFormatException($"{node} has a weight, scales or zero points of other sizes than K and N need.");
        }

        var weight = step.Quantised.Deferred(
            packed.Name,
            (layout, scales.Name, zeros?.Name, groups?.Name),
            name => Weight.Deferred(name, [layout.K, layout.N], () => layout.Unpack(packed, scales, zeros, groups))
        );
        var product = step.Need(0).MatMul(weight);
        step.Out(0, step.In(5) is { } bias ? product + bias : product);
        return true;
    }
}

/// <summary>How MatMulNBits packs a weight: column by column, each in blocks along K, low bits first; zero points likewise.</summary>
internal sealed record BlockedBits(int Bits, int K, int N, int Block)
{
    private int Blocks => (K + Block - 1) / Block;

    private int ColumnBytes => Blocks * (Block * Bits / 8);

    private int ZeroBytes => ((Blocks * Bits) + 7) / 8;

    /// <summary>Whether the parts have the sizes that <see cref="Unpack"/> reads.</summary>
    public bool Fits(Weight packed, Weight scales, Weight? zeros, Weight? groups) =>
        packed.Count == (long)N * ColumnBytes
        && scales.Count == (long)N * Blocks
        && (zeros is null || zeros.Count == (long)N * (zeros.Type.IsFloating() ? Blocks : ZeroBytes))
        && (groups is null || (groups.Count >= K && groups.ToLongs().All(block => block >= 0 && block < Blocks)));

    /// <summary>(q − zero) · scale as [K, N]; without zero points they are the middle, 2^(bits − 1).</summary>
    /// <param name="packed">[N, blocks, bytes of a block].</param>
    /// <param name="scales">[N × blocks].</param>
    /// <param name="zeros">Packed [N × bytes of a column's blocks], or one float a block; null: the middle.</param>
    /// <param name="groups">The block of each of the K rows, where they are not in order.</param>
    public float[] Unpack(Weight packed, Weight scales, Weight? zeros, Weight? groups)
    {
        var (blocks, columnBytes, zeroBytes) = (Blocks, ColumnBytes, ZeroBytes);
        var scale = scales.ToFloats();
        var floatZeros = zeros is not null && zeros.Type.IsFloating() ? zeros.ToFloats() : null;
        var order = groups?.ToLongs();
        ReadOnlySpan<byte> bytes = packed.Bytes,
            zeroPacked = zeros is not null && floatZeros is null ? zeros.Bytes : [];
        var result = GC.AllocateUninitializedArray<float>(checked(K * N));
        for (var column = 0; column < N; column++)
        {
            var data = bytes.Slice(column * columnBytes, columnBytes);
            var zero = zeroPacked.IsEmpty ? [] : zeroPacked.Slice(column * zeroBytes, zeroBytes);
            for (var row = 0; row < K; row++)
            {
                var block = order is null ? row / Block : (int)order[row];
                var at = (column * blocks) + block;
                var origin =
                    floatZeros is not null ? floatZeros[at]
                    : zero.IsEmpty ? 1 << (Bits - 1)
                    : Number(zero, block);
                result[(row * N) + column] = (Number(data, row) - origin) * scale[at];
            }
        }

        GC.KeepAlive(packed);
        GC.KeepAlive(zeros);
        return result;
    }

    private int Number(ReadOnlySpan<byte> packed, int index)
    {
        var bit = index * Bits;
        return (packed[bit >> 3] >> (bit & 7)) & ((1 << Bits) - 1);
    }
}
