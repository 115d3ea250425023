namespace ExplainService.Runtime;

/// <summary>
/// Bytes that requests in work may hold together: texts, what is made of them, answers, pictures. What would not fit is refused before it is
/// made, since a process that runs out of memory fails whoever comes next. An account may hold as much as it leaves free, so that however many
/// requests it sends there is room for those of others.
/// </summary>
/// <param name="limit">How many there are.</param>
public sealed class WorkMemory(long limit)
{
    /// <summary>A request of so small a part of all is let in where larger ones no longer are.</summary>
    private const int SmallParts = 64;

    /// <summary>A line of a stream that takes more waits until every line before it has been answered and read.</summary>
    private const int LineParts = 1024;

    /// <summary>The part of all that is each account's own, whatever others hold.</summary>
    private const int OwnParts = 32;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<WorkAccount, long> accounts = [];
    private long used;

    /// <summary>How many bytes there are.</summary>
    public long Limit => limit;

    /// <summary>How many are held.</summary>
    public long Used => Interlocked.Read(ref used);

    /// <summary>Opens the share of a request, which holds nothing yet.</summary>
    /// <param name="account">Whose request it is; null: nobody's that others could be told from.</param>
    /// <param name="turn">
    /// Of a line of a stream: done once the lines before it have been answered. What only the line whose turn it is may hold, no later line keeps
    /// from it.
    /// </param>
    public MemoryShare Open(WorkAccount? account = null, Task? turn = null) => new(this, account, turn);

    /// <summary>Whether a line of a stream holds so much that it waits for its turn.</summary>
    internal bool NeedsTurn(long bytes) => bytes > limit / LineParts;

    /// <summary>Raises what a share holds.</summary>
    /// <exception cref="ServiceBusyException">Others hold too much (429).</exception>
    internal void Raise(WorkAccount? account, long held, long bytes)
    {
        lock (gate)
        {
            var others = used - held;
            // Alone, a request may try: there is nobody to wait for.
            if (others > 0)
            {
                Check(account, account is null ? 0 : accounts.GetValueOrDefault(account) - held, others, bytes);
            }

            Add(account, bytes - held);
        }
    }

    /// <summary>Gives back what a share holds.</summary>
    internal void Return(WorkAccount? account, long held)
    {
        lock (gate)
        {
            Add(account, -held);
        }
    }

    private void Check(WorkAccount? account, long own, long others, long bytes)
    {
        if (account is not null && own + bytes <= limit / OwnParts)
        {
            return;
        }

        var room = bytes <= limit / SmallParts ? limit : limit - (limit / 8);
        if (others + bytes > room)
        {
            throw new ServiceBusyException(
                FormattableString.Invariant(
                    $"The request would hold about {Megabytes(bytes)} MB of memory, and requests in work hold {Megabytes(others)} of {Megabytes(limit)} MB."
                ),
                RetryAfter
            );
        }

        var free = limit - others - bytes;
        if (account is not null && own + bytes > free)
        {
            throw new ServiceBusyException(
                FormattableString.Invariant(
                    $"The requests of this key would hold about {Megabytes(own + bytes)} MB of memory, more than they would leave free for others."
                ),
                RetryAfter
            );
        }
    }

    private void Add(WorkAccount? account, long bytes)
    {
        used += bytes;
        if (account is null || bytes == 0)
        {
            return;
        }

        var held = accounts.GetValueOrDefault(account) + bytes;
        if (held == 0)
        {
            accounts.Remove(account);
        }
        else
        {
            accounts[account] = held;
        }
    }

    private static long Megabytes(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}

/// <summary>What one request holds of the <see cref="WorkMemory"/>; given back when disposed.</summary>
public sealed class MemoryShare : IDisposable
{
    private readonly WorkMemory memory;
    private readonly WorkAccount? account;
    private readonly Task? turn;
    private readonly Lock gate = new();
    private long held;
    private bool returned;

    internal MemoryShare(WorkMemory memory, WorkAccount? account, Task? turn) =>
        (this.memory, this.account, this.turn) = (memory, account, turn);

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
            memory.Raise(account, held, wanted);
            held = wanted;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            memory.Return(account, held);
            (held, returned) = (0, true);
        }
    }
}
