using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ExplainService.Graph.Onnx;

/// <summary>
/// A range of a file in memory of our own, outside the collector's heap: it may exceed 2 GiB, never moves, and stays what it was when the
/// file is overwritten or cut, which a mapping would not.
/// </summary>
internal sealed unsafe class NativeBlock
{
    /// <summary>A cache line, and the widest vector that kernels load.</summary>
    private const nuint Alignment = 64;

    /// <summary>What one call reads: Linux gives no more than 2 GiB at once.</summary>
    private const int Chunk = 1 << 28;

    private readonly long length;

    private NativeBlock(long length)
    {
        this.length = length;
        Address = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(1, length), Alignment);
        if (length > 0)
        {
            GC.AddMemoryPressure(length);
        }
    }

    // Weights hold the block; it goes with the last of them.
    ~NativeBlock()
    {
        if (Address == 0)
        {
            return;
        }

        NativeMemory.AlignedFree((void*)Address);
        if (length > 0)
        {
            GC.RemoveMemoryPressure(length);
        }
    }

    /// <summary>The first byte.</summary>
    public nint Address { get; }

    /// <summary>Reads a range that the file is known to have.</summary>
    /// <exception cref="EndOfStreamException">The file has become shorter.</exception>
    public static NativeBlock Read(SafeFileHandle file, long offset, long length)
    {
        var block = new NativeBlock(length);
        for (var done = 0L; done < length; )
        {
            var target = new Span<byte>((byte*)block.Address + done, (int)Math.Min(Chunk, length - done));
            var read = RandomAccess.Read(file, target, offset + done);
            done += read > 0 ? read : throw new EndOfStreamException();
        }

        return block;
    }
}
