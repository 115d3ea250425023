using ExplainService.Protocol.Problems;
using ZstdSharp;

namespace ExplainService.Jobs.Inputs;

/// <summary>How large an input may be.</summary>
internal static class InputLimits
{
    /// <summary>The longest row: that of a line of a stream.</summary>
    public const int RowBytes = 4 << 20;

    /// <summary>Refuses what is over the limit.</summary>
    /// <exception cref="RefusedRequestException">413.</exception>
    public static void Check(long bytes, long limit)
    {
        if (bytes > limit)
        {
            throw new RefusedRequestException(
                413,
                FormattableString.Invariant($"The input is over the limit of {limit >> 20} MB (Jobs:MaxInputMegabytes).")
            );
        }
    }
}

/// <summary>What is unpacked counts, not what was sent: a small file may unpack to any size.</summary>
internal sealed class LimitedStream(Stream inner, long limit) : Stream
{
    private long read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Counted(inner.Read(buffer, offset, count));
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Broken();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Counted(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Broken();
        }
    }

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool IsBroken(Exception exception) => exception is InvalidDataException or EndOfStreamException or ZstdException;

    private RefusedRequestException Broken() =>
        new(422, FormattableString.Invariant($"The input is packed (gzip, zstd) and broken behind its byte {read}, unpacked."));

    private int Counted(int bytes)
    {
        InputLimits.Check(read += bytes, limit);
        return bytes;
    }
}
