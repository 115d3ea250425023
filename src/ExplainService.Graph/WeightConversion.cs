using System.Numerics.Tensors;

namespace ExplainService.Graph;

/// <summary>Reading weights as other types, and constants small enough to reason about.</summary>
public static class WeightConversion
{
    /// <summary>The elements as singles, in row-major order.</summary>
    /// <exception cref="NotSupportedException">The element type is not numeric.</exception>
    public static float[] ToFloats(this Weight weight)
    {
        if (weight.Type == ElementType.Float)
        {
            return weight.As<float>().ToArray();
        }

        var floats = GC.AllocateUninitializedArray<float>(checked((int)weight.Count));
        switch (weight.Type)
        {
            case ElementType.Float16:
                TensorPrimitives.ConvertToSingle(weight.As<Half>(), floats);
                break;
            case ElementType.BFloat16:
                Widen(weight.As<ushort>(), floats);
                break;
            case ElementType.Double:
                TensorPrimitives.ConvertTruncating<double, float>(weight.As<double>(), floats);
                break;
            default:
                TensorPrimitives.ConvertTruncating<long, float>(weight.ToLongs(), floats);
                break;
        }

        GC.KeepAlive(weight);
        return floats;
    }

    /// <summary>The elements of an integer or bool weight, in row-major order; 4-bit elements are unpacked.</summary>
    /// <exception cref="NotSupportedException">The element type is not integral.</exception>
    public static long[] ToLongs(this Weight weight)
    {
        var longs = new long[checked((int)weight.Count)];
        switch (weight.Type)
        {
            case ElementType.Int64:
                weight.As<long>().CopyTo(longs);
                break;
            case ElementType.Int32:
                TensorPrimitives.ConvertTruncating<int, long>(weight.As<int>(), longs);
                break;
            case ElementType.Int16:
                TensorPrimitives.ConvertTruncating<short, long>(weight.As<short>(), longs);
                break;
            case ElementType.Int8:
                TensorPrimitives.ConvertTruncating<sbyte, long>(weight.As<sbyte>(), longs);
                break;
            case ElementType.UInt64:
                TensorPrimitives.ConvertTruncating<ulong, long>(weight.As<ulong>(), longs);
                break;
            case ElementType.UInt32:
                TensorPrimitives.ConvertTruncating<uint, long>(weight.As<uint>(), longs);
                break;
            case ElementType.UInt16:
                TensorPrimitives.ConvertTruncating<ushort, long>(weight.As<ushort>(), longs);
                break;
            case ElementType.UInt8 or ElementType.Bool:
                TensorPrimitives.ConvertTruncating<byte, long>(weight.Bytes, longs);
                break;
            case ElementType.UInt4 or ElementType.Int4:
                Unpack(weight.Bytes, weight.Type == ElementType.Int4, longs);
                break;
            default:
                throw new NotSupportedException($"'{weight.Name}' is {weight.Type}, not an integer.");
        }

        GC.KeepAlive(weight);
        return longs;
    }

    /// <summary>The weight in another element type, as ONNX's <c>Cast</c> gives it; itself when the type is the same.</summary>
    /// <returns>Null for a conversion this service has no use for.</returns>
    public static Weight? CastTo(this Weight weight, ElementType type, string name)
    {
        long[] dims = [.. weight.Dims];
        if (weight.Type == type)
        {
            return weight.With(name);
        }

        var integral = !weight.Type.IsFloating() && weight.Type != ElementType.String;
        if (!integral && !weight.Type.IsFloating())
        {
            return null;
        }

        switch (type)
        {
            case ElementType.Float:
                return Weight.Adopt(name, dims, weight.ToFloats());
            case ElementType.Double when integral:
                return Weight.Adopt(name, dims, Array.ConvertAll(weight.ToLongs(), x => (double)x));
            case ElementType.Double:
                return Weight.Adopt(name, dims, Array.ConvertAll(weight.ToFloats(), x => (double)x));
            case ElementType.Float16:
                return Weight.Adopt(name, dims, Array.ConvertAll(weight.ToFloats(), x => (Half)x));
            case ElementType.Int64 when integral:
                return Weight.Adopt(name, dims, weight.ToLongs());
            case ElementType.Int64:
                return Weight.Adopt(name, dims, Array.ConvertAll(weight.ToFloats(), x => (long)x));
            case ElementType.Int32 when integral:
                return Weight.Adopt(name, dims, Array.ConvertAll(weight.ToLongs(), x => (int)x));
            case ElementType.Int32:
                return Weight.Adopt(name, dims, Array.ConvertAll(weight.ToFloats(), x => (int)x));
            case ElementType.Bool:
                return Weight.Adopt(name, dims, Array.ConvertAll(weight.ToFloats(), x => x != 0));
            default:
                return null;
        }
    }

    private static void Widen(ReadOnlySpan<ushort> bfloats, Span<float> floats)
    {
        for (var i = 0; i < floats.Length; i++)
        {
            floats[i] = BitConverter.UInt32BitsToSingle((uint)bfloats[i] << 16);
        }
    }

    private static void Unpack(ReadOnlySpan<byte> packed, bool signed, Span<long> longs)
    {
        for (var i = 0; i < longs.Length; i++)
        {
            var half = (packed[i / 2] >> (4 * (i % 2))) & 0xF;
            longs[i] = signed && half > 7 ? half - 16 : half;
        }
    }
}
