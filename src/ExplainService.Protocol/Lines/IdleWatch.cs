using System.IO.Pipelines;
using ExplainService.Protocol.Problems;

namespace ExplainService.Protocol.Lines;

/// <summary>
/// Ends a stream that nothing comes of: no line, blank ones, a byte now and then. A client that waits for answers is not idle, nor one whose
/// line comes at the rate that is asked of it.
/// </summary>
/// <param name="limits">How long it may be idle.</param>
/// <param name="time">The clock.</param>
internal sealed class IdleWatch(LineLimits limits, TimeProvider time)
{
    private long since = time.GetTimestamp();
    private int unanswered;

    /// <summary>A line was read.</summary>
    public void LineBegins() => Interlocked.Increment(ref unanswered);

    /// <summary>A line was answered, and its answer written.</summary>
    public void LineEnds()
    {
        Volatile.Write(ref since, time.GetTimestamp());
        Interlocked.Decrement(ref unanswered);
    }

    /// <summary>Reads on.</summary>
    /// <param name="reader">The stream.</param>
    /// <param name="held">Bytes of a line that has not ended.</param>
    /// <param name="cancellationToken">The stream has ended.</param>
    /// <exception cref="RefusedRequestException">408: nothing came.</exception>
    public async Task<ReadResult> ReadAsync(PipeReader reader, long held, CancellationToken cancellationToken)
    {
        var reading = reader.ReadAsync(cancellationToken);
        if (reading.IsCompleted)
        {
            return await reading.ConfigureAwait(false);
        }

        var pending = reading.AsTask();
        while (true)
        {
            try
            {
                return await pending.WaitAsync(Left(held), time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                if (Volatile.Read(ref unanswered) == 0 && Left(held) <= TimeSpan.Zero)
                {
                    throw new RefusedRequestException(
                        408,
                        FormattableString.Invariant($"No line came for {limits.MaxIdle.TotalSeconds} s; the stream ends here.")
                    );
                }
            }
        }
    }

    private TimeSpan Left(long held)
    {
        var left =
            Volatile.Read(ref unanswered) > 0
                ? limits.MaxIdle
                : limits.MaxIdle
                    + TimeSpan.FromSeconds((double)held / limits.MinBytesPerSecond)
                    - time.GetElapsedTime(Volatile.Read(ref since));
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
