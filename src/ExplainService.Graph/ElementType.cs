namespace ExplainService.Graph;

/// <summary>The element types of ONNX tensors; the numbers are those of <c>TensorProto.DataType</c>.</summary>
public enum ElementType
{
    /// <summary>Not known.</summary>
    Undefined = 0,

    /// <summary>IEEE 754 single.</summary>
    Float = 1,

    /// <summary>Unsigned 8 bits.</summary>
    UInt8 = 2,

    /// <summary>Signed 8 bits.</summary>
    Int8 = 3,

    /// <summary>Unsigned 16 bits.</summary>
    UInt16 = 4,

    /// <summary>Signed 16 bits.</summary>
    Int16 = 5,

    /// <summary>Signed 32 bits.</summary>
    Int32 = 6,

    /// <summary>Signed 64 bits.</summary>
    Int64 = 7,

    /// <summary>UTF-8 text.</summary>
    String = 8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 9,

    /// <summary>IEEE 754 half.</summary>
    Float16 = 10,

    /// <summary>IEEE 754 double.</summary>
    Double = 11,

    /// <summary>Unsigned 32 bits.</summary>
    UInt32 = 12,

    /// <summary>Unsigned 64 bits.</summary>
    UInt64 = 13,

    /// <summary>The upper half of a single.</summary>
    BFloat16 = 16,

    /// <summary>Unsigned 4 bits, two to a byte, low half first.</summary>
    UInt4 = 21,

    /// <summary>Signed 4 bits, two to a byte, low half first.</summary>
    Int4 = 22,
}

/// <summary>What the code asks about element types.</summary>
public static class ElementTypes
{
    /// <summary>Bytes that <paramref name="count"/> elements take.</summary>
    /// <exception cref="GraphFormatException">The type has no fixed size, or the service does not know it.</exception>
    public static long ByteLength(this ElementType type, long count) =>
        type switch
        {
            ElementType.UInt4 or ElementType.Int4 => (count + 1) / 2,
            ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => count,
            ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => checked(count * 2),
            ElementType.Float or ElementType.Int32 or ElementType.UInt32 => checked(count * 4),
            ElementType.Int64 or ElementType.Double or ElementType.UInt64 => checked(count * 8),
            _ => throw new GraphFormatException($"Tensors of element type {type} are not supported."),
        };

    /// <summary>Whether gradients can flow through values of this type.</summary>
    public static bool IsFloating(this ElementType type) =>
        type is ElementType.Float or ElementType.Float16 or ElementType.BFloat16 or ElementType.Double;

    /// <summary>Whether the type is an integer that shape arithmetic uses, or bool.</summary>
    public static bool IsIndex(this ElementType type) => type is ElementType.Int64 or ElementType.Int32 or ElementType.Bool;
}
