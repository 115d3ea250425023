using System.Runtime.InteropServices;

namespace ExplainService.Graph.Onnx;

/// <summary>Tensors whose elements are in a typed field rather than in <c>raw_data</c>.</summary>
internal static class TensorFields
{
    public static byte[] Bytes(TensorProto proto, ElementType type) =>
        type switch
        {
            ElementType.Float => Pack(proto.FloatData, value => value),
            ElementType.Double => Pack(proto.DoubleData, value => value),
            ElementType.Int64 => Pack(proto.Int64Data, value => value),
            ElementType.UInt64 => Pack(proto.Uint64Data, value => value),
            ElementType.UInt32 => Pack(proto.Uint64Data, value => (uint)value),
            ElementType.Int32 => Pack(proto.Int32Data, value => value),
            ElementType.Int16 => Pack(proto.Int32Data, value => (short)value),
            ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => Pack(proto.Int32Data, value => (ushort)value),
            ElementType.Int8 => Pack(proto.Int32Data, value => (sbyte)value),
            ElementType.UInt8 or ElementType.Bool or ElementType.UInt4 or ElementType.Int4 => Pack(proto.Int32Data, value => (byte)value),
            _ => throw new GraphFormatException($"Tensor '{proto.Name}' of element type {type} is not supported."),
        };

    private static byte[] Pack<TField, TElement>(IEnumerable<TField> field, Func<TField, TElement> convert)
        where TElement : unmanaged => MemoryMarshal.AsBytes<TElement>(field.Select(convert).ToArray()).ToArray();
}
