namespace ExplainService.Runtime;

/// <summary>
/// Bytes that requests in work may hold together: texts, what is made of them, answers, pictures. What would not fit is refused before it is
/// made, since a process that runs out of memory fails whoever comes next.
/// </summary>
/// <param name="limit">How many there are.</param>
public sealed class WorkMemory(long limit)
{
    /// <summary>A request of so small a part of all is let in where larger ones no longer are.</summary>
    private const int SmallParts = 64;

    /// <summary>A line of a stream that takes more waits until every line before it has been answered and read.</summary>
    private const int LineParts = 1024;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private long used;

    /// <summary>How many bytes there are.</summary>
    public long Limit => limit;

    /// <summary>How many are held.</summary>
    public long Used => Interlocked.Read(ref used);

    /// <summary>Opens the share of a request, which holds nothing yet.</summary>
    public MemoryShare Open() => new(this, null);

    /// <summary>Opens the share of a line of a stream.</summary>
    /// <param name="turn">
    /// Done once the lines before it have been answered. What only the line whose turn it is may hold, no later line keeps from it.
    /// </param>
    public MemoryShare Open(Task turn) => new(this, turn);

    /// <summary>Whether a line of a stream holds so much that it waits for its turn.</summary>
    internal bool NeedsTurn(long bytes) => bytes > limit / LineParts;

    /// <summary>Raises what a share holds.</summary>
    /// <exception cref="ServiceBusyException">Others hold too much (429).</exception>
    internal void Raise(long held, long bytes)
    {
        lock (gate)
        {
            var others = used - held;
            var room = bytes <= limit / SmallParts ? limit : limit - (limit / 8);
            // Alone, a request may try: there is nobody to wait for.
            if (others > 0 && others + bytes > room)
            {
                throw new ServiceBusyException(
                    FormattableString.Invariant(
                        $"The request would hold about {Megabytes(bytes)} MB of memory, and requests in work hold {Megabytes(others)} of {Megabytes(limit)} MB."
                    ),
                    RetryAfter
                );
            }

            used += bytes - held;
        }
    }

    /// <summary>Gives back what a share holds.</summary>
    internal void Return(long held)
    {
        lock (gate)
        {
            used -= held;
        }
    }

    private static long Megabytes(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}

/// <summary>What one request holds of the <see cref="WorkMemory"/>; given back when disposed.</summary>
public sealed class MemoryShare : IDisposable
{
    private readonly WorkMemory memory;
    private readonly Task? turn;
    private readonly Lock gate = new();
    private long held;
    private bool returned;

    internal MemoryShare(WorkMemory memory, Task? turn) => (this.memory, this.turn) = (memory, turn);

    /// <summary>Whether it is too large for its answer to be written at one go.</summary>
    public bool IsLarge => memory.NeedsTurn(held);

    /// <summary>Takes more.</summary>
    /// <exception cref="ServiceBusyException">Others hold too much (429).</exception>
    public async ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        var wanted = held + bytes;
        if (turn is not null && memory.NeedsTurn(wanted))
        {
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        lock (gate)
        {
            // Work that outlives its request, by as long as it takes to notice, gets nothing more.
            ObjectDisposedException.ThrowIf(returned, this);
            memory.Raise(held, wanted);
            held = wanted;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            memory.Return(held);
            (held, returned) = (0, true);
        }
    }
}
