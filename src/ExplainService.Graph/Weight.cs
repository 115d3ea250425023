using System.Buffers;
using System.Runtime.InteropServices;

namespace ExplainService.Graph;

/// <summary>
/// A constant tensor at an address that never moves: pinned memory or a block of our own. Graphs and forms share weights by
/// reference, so a model's parameters are in memory once. Spans are valid while the weight is referenced.
/// </summary>
public sealed unsafe class Weight
{
    private readonly object owner;
    private readonly nint address;

    internal Weight(string name, ElementType type, long[] dims, object owner, nint address, long byteLength)
    {
        (Name, Type, Dims, this.owner, this.address, ByteLength) = (name, type, dims, owner, address, byteLength);
        Count = CountOf(dims);
        RequireLength(name, type, dims, byteLength);
    }

    /// <summary>The initialiser's name.</summary>
    public string Name { get; }

    /// <summary>The type of an element.</summary>
    public ElementType Type { get; }

    /// <summary>The shape; empty for a scalar.</summary>
    public IReadOnlyList<long> Dims { get; }

    /// <summary>How many elements.</summary>
    public long Count { get; }

    /// <summary>How many bytes; may exceed 2 GiB.</summary>
    public long ByteLength { get; }

    /// <summary>Where the first byte is, for ONNX Runtime; valid while this weight is referenced.</summary>
    public nint Address => owner is Lazy<Pin> deferred ? deferred.Value.Address : address;

    /// <summary>The bytes, little-endian.</summary>
    /// <exception cref="OverflowException">The weight is larger than a span can be (2 GiB).</exception>
    public ReadOnlySpan<byte> Bytes => new((void*)Address, checked((int)ByteLength));

    /// <summary>The elements as <typeparamref name="T"/>, whose size must be the element type's.</summary>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged
    {
        if (Type.ByteLength(2) != 2 * sizeof(T))
        {
            throw new InvalidOperationException($"'{Name}' is {Type}, not {typeof(T).Name}.");
        }

        return new((void*)Address, checked((int)Count));
    }

    /// <summary>The same memory under another name or shape.</summary>
    public Weight With(string? name = null, long[]? dims = null) => new(name ?? Name, Type, dims ?? [.. Dims], owner, address, ByteLength);

    /// <summary>The same bytes as 4-bit numbers, two to a byte along the last axis.</summary>
    internal Weight AsHalves() => new(Name, ElementType.UInt4, [.. Dims.SkipLast(1), Dims[^1] * 2], owner, address, ByteLength);

    /// <summary>Singles that are computed when somebody first asks for them, once for all that share the weight.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dims">Its shape.</param>
    /// <param name="values">Makes as many numbers as the shape has elements.</param>
    public static Weight Deferred(string name, long[] dims, Func<float[]> values)
    {
        var count = CountOf(dims);
        var pin = new Lazy<Pin>(() =>
            values() is var made && made.LongLength == count
                ? new Pin(made)
                : throw new GraphFormatException(
                    $"Tensor '{name}' of shape [{string.Join(',', dims)}] came out with another number of elements."
                )
        );
        return new Weight(name, ElementType.Float, dims, pin, 0, checked(count * sizeof(float)));
    }

    /// <summary>A weight over memory that stays pinned as long as the weight lives.</summary>
    public static Weight Over(string name, ElementType type, long[] dims, ReadOnlyMemory<byte> bytes)
    {
        var pin = new Pin(bytes);
        return new Weight(name, type, dims, pin, pin.Address, bytes.Length);
    }

    /// <summary>A weight with its own copy of <paramref name="values"/>.</summary>
    public static Weight Of<T>(string name, long[] dims, ReadOnlySpan<T> values)
        where T : unmanaged => Adopt(name, dims, values.ToArray());

    /// <summary>A weight over an array that the caller gives up; no copy.</summary>
    public static Weight Adopt<T>(string name, long[] dims, T[] values)
        where T : unmanaged
    {
        var pin = new Pin(values);
        return new Weight(name, TypeOf<T>(), dims, pin, pin.Address, (long)values.Length * sizeof(T));
    }

    /// <exception cref="GraphFormatException">So many bytes are not what the shape takes.</exception>
    internal static void RequireLength(string name, ElementType type, long[] dims, long byteLength)
    {
        var needed = type.ByteLength(CountOf(dims));
        if (needed != byteLength)
        {
            throw new GraphFormatException(
                $"Tensor '{name}' of type {type} and shape [{string.Join(',', dims)}] needs {needed} bytes but has {byteLength}."
            );
        }
    }

    internal static long CountOf(IEnumerable<long> dims)
    {
        var count = 1L;
        foreach (var dim in dims)
        {
            if (dim < 0)
            {
                throw new GraphFormatException($"A tensor has the negative dimension {dim}.");
            }

            // Bytes are counted in a long too.
            if (Math.BigMul(count, dim, out count) != 0 || count is < 0 or > long.MaxValue / 16)
            {
                throw new GraphFormatException($"A tensor of shape [{string.Join(',', dims)}] has more elements than can be addressed.");
            }
        }

        return count;
    }

    private static ElementType TypeOf<T>() =>
        default(T) switch
        {
            float => ElementType.Float,
            long => ElementType.Int64,
            int => ElementType.Int32,
            bool => ElementType.Bool,
            double => ElementType.Double,
            Half => ElementType.Float16,
            byte => ElementType.UInt8,
            sbyte => ElementType.Int8,
            _ => throw new NotSupportedException($"No tensor element type for {typeof(T).Name}."),
        };

    private sealed class Pin
    {
        private readonly MemoryHandle memory;
        private readonly GCHandle array;

        public Pin(ReadOnlyMemory<byte> bytes)
        {
            memory = bytes.Pin();
            Address = (nint)memory.Pointer;
        }

        public Pin(Array values)
        {
            array = GCHandle.Alloc(values, GCHandleType.Pinned);
            Address = array.AddrOfPinnedObject();
        }

        ~Pin()
        {
            memory.Dispose();
            if (array.IsAllocated)
            {
                array.Free();
            }
        }

        public nint Address { get; }
    }
}
