namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>(q − zero point) · scale of a whole tensor, per tensor, per index of an axis, or per block along an axis.</summary>
/// <param name="Values">The quantised numbers.</param>
/// <param name="Scale">One scale, one for each index of the axis, or one for each block.</param>
/// <param name="ZeroPoint">Of the scale's shape; null: 0.</param>
/// <param name="Axis">The axis of scales.</param>
/// <param name="Block">Indices of the axis that share a scale; 0: each has its own.</param>
internal sealed record Dequantisation(Weight Values, Weight Scale, Weight? ZeroPoint, int Axis, int Block)
{
    /// <summary>Whether there are as many scales and zero points as the numbers need.</summary>
    public bool Fits
    {
        get
        {
            if (ZeroPoint is not null && ZeroPoint.Count != Scale.Count && ZeroPoint.Count != 1)
            {
                return false;
            }

            if (Scale.Count == 1)
            {
                return true;
            }

            if (Axis < 0 || Axis >= Values.Dims.Count || Block < 0)
            {
                return false;
            }

            var blocks = Block == 0 ? Values.Dims[Axis] : (Values.Dims[Axis] + Block - 1) / Block;
            return Scale.Count == (Block == 0 ? blocks : Weight.CountOf(Values.Dims.Select((size, axis) => axis == Axis ? blocks : size)));
        }
    }

    /// <summary>The numbers that the quantised ones approximate, computed when they are first read.</summary>
    public Weight As(string name) => Weight.Deferred(name, [.. Values.Dims], Compute);

    private float[] Compute()
    {
        var numbers = Raw(Values);
        var scales = Scale.ToFloats();
        var zeros = ZeroPoint is null ? null : Raw(ZeroPoint);
        var one = scales.Length == 1;
        var size = one || Values.Dims.Count == 0 ? 1 : (int)Values.Dims[Axis];
        var inner = one ? numbers.Length : (int)Weight.CountOf(Values.Dims.Skip(Axis + 1));
        var blocks = Block > 0 ? (size + Block - 1) / Block : 0;
        for (int start = 0, line = 0; start < numbers.Length; start += inner, line++)
        {
            var (outer, index) = Math.DivRem(line, size);
            for (var i = 0; i < inner; i++)
            {
                var at =
                    one ? 0
                    : Block > 0 ? (((outer * blocks) + (index / Block)) * inner) + i
                    : index;
                numbers[start + i] = (numbers[start + i] - (zeros is null ? 0 : zeros[zeros.Length == 1 ? 0 : at])) * scales[at];
            }
        }

        return numbers;
    }

    private static float[] Raw(Weight weight)
    {
        if (weight.Type is not (ElementType.Int8 or ElementType.UInt8))
        {
            return weight.ToFloats();
        }

        var numbers = GC.AllocateUninitializedArray<float>(checked((int)weight.Count));
        if (weight.Type == ElementType.Int8)
        {
            var signed = weight.As<sbyte>();
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = signed[i];
            }
        }
        else
        {
            var unsigned = weight.Bytes;
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = unsigned[i];
            }
        }

        GC.KeepAlive(weight);
        return numbers;
    }
}
