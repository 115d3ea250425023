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

    /// <summary>So much beyond all do the accounts' own parts reach together: whoever names subjects could name any number of them.</summary>
    private const int ReserveParts = 4;

    /// <summary>Answers of a request that take no more do not keep a text of it from what it could have alone.</summary>
    private const int KeptParts = 8;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<WorkAccount, long> accounts = [];
    private readonly HashSet<MemoryShare> waiting = [];
    private long used;

    /// <summary>What is held, where a request that alone took more than all counts as all.</summary>
    private long weighed;

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
    public MemoryShare Open(WorkAccount? account = null, Task? turn = null) => Opened(new MemoryShare(this, account, null, turn));

    /// <summary>Registers a share that has just been made.</summary>
    internal MemoryShare Opened(MemoryShare share)
    {
        if (share.Turn is not null)
        {
            lock (gate)
            {
                waiting.Add(share);
            }
        }

        return share;
    }

    /// <summary>Whether a line of a stream holds so much that it waits for its turn.</summary>
    internal bool NeedsTurn(long bytes) => bytes > limit / LineParts;

    /// <summary>Raises what a share holds.</summary>
    /// <exception cref="ServiceBusyException">Others hold too much (429).</exception>
    internal void Take(MemoryShare share, long bytes)
    {
        lock (gate)
        {
            // Work that outlives its request, by as long as it takes to notice, gets nothing more.
            ObjectDisposedException.ThrowIf(share.IsReturned, share);
            // A text of a request does not stand in its own way: what it needs is weighed as if one share held it and the body.
            var mine = share.Held + (share.IsPart ? share.Whole.Held : 0);
            var later = Later(share);
            var others = used - mine - later;
            var siblings = share.Whole.HeldByAll - mine - (share.IsPart ? later : 0);
            // Alone, a request may try: there is nobody to wait for.
            var isAlone = others == siblings && siblings <= (share.HasTurn ? limit / KeptParts : 0);
            if (!isAlone)
            {
                Check(share.Account, Of(share.Account) - mine - later, others, mine + bytes, bytes);
            }

            Add(share, bytes);
        }
    }

    /// <summary>Lowers what a share holds to what is kept of it; it no longer waits for anything.</summary>
    internal void Keep(MemoryShare share, long bytes)
    {
        lock (gate)
        {
            waiting.Remove(share);
            Add(share, Math.Min(bytes - share.Held, 0));
        }
    }

    /// <summary>Gives back what a share holds.</summary>
    internal void Return(MemoryShare share)
    {
        lock (gate)
        {
            waiting.Remove(share);
            Add(share, -share.Held);
            share.IsReturned = true;
        }
    }

    /// <summary>What is held by those that wait for their turn behind the one whose turn it is: texts of its request, lines of its account.</summary>
    private long Later(MemoryShare share)
    {
        if (!share.HasTurn)
        {
            return 0;
        }

        waiting.RemoveWhere(static other => other.HasTurn);
        // Lines of other streams of the account too: each holds next to nothing before its turn.
        return waiting
            .Where(other => share.IsPart ? other.Whole == share.Whole : !other.IsPart && other.Account == share.Account)
            .Sum(static other => other.Held);
    }

    private void Check(WorkAccount? account, long own, long others, long bytes, long added)
    {
        if (account is not null && own + bytes <= limit / OwnParts && weighed + added <= limit + (limit / ReserveParts))
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

    private long Of(WorkAccount? account) => account is null ? 0 : accounts.GetValueOrDefault(account);

    private void Add(MemoryShare share, long bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        var before = share.Whole.HeldByAll;
        share.Whole.HeldByAll += bytes;
        weighed += Math.Min(before + bytes, limit) - Math.Min(before, limit);
        share.Held += bytes;
        used += bytes;
        if (share.Account is not { } account)
        {
            return;
        }

        var held = Of(account) + bytes;
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

/// <summary>What one request, or a text of it, holds of the <see cref="WorkMemory"/>; given back when disposed.</summary>
public sealed class MemoryShare : IDisposable
{
    private readonly WorkMemory memory;

    internal MemoryShare(WorkMemory memory, WorkAccount? account, MemoryShare? whole, Task? turn) =>
        (this.memory, Account, Whole, IsPart, Turn) = (memory, account, whole ?? this, whole is not null, turn);

    /// <summary>Whether it is too large for its answer to be written at one go.</summary>
    public bool IsLarge => memory.NeedsTurn(Held);

    /// <summary>Whose it is.</summary>
    internal WorkAccount? Account { get; }

    /// <summary>The share of the request that this is a part of, or itself.</summary>
    internal MemoryShare Whole { get; }

    /// <summary>Whether it is a text's of a request of several.</summary>
    internal bool IsPart { get; }

    /// <summary>Done once those before it have been answered; null: it has no place in a row.</summary>
    internal Task? Turn { get; }

    /// <summary>Whether those before it have been answered.</summary>
    internal bool HasTurn => Turn is { IsCompleted: true };

    /// <summary>What it holds itself. Guarded by the memory's lock.</summary>
    internal long Held { get; set; }

    /// <summary>Of a whole: what it and its parts hold. Guarded by the memory's lock.</summary>
    internal long HeldByAll { get; set; }

    /// <summary>Whether it has been given back. Guarded by the memory's lock.</summary>
    internal bool IsReturned { get; set; }

    /// <summary>Opens the share of one of the texts that the request stands for; the caller gives it back.</summary>
    /// <param name="turn">
    /// Done once the texts before it have been answered. One that is refused before that tries again then, when none behind it counts.
    /// </param>
    public MemoryShare OpenPart(Task turn) => memory.Opened(new MemoryShare(memory, Account, Whole, turn));

    /// <summary>Takes more.</summary>
    /// <exception cref="ServiceBusyException">Others hold too much (429).</exception>
    public async ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        // Texts of one request are worked on together while they fit; a line may have any number behind it.
        if (Turn is not null && !IsPart && memory.NeedsTurn(Held + bytes))
        {
            await Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Turn is { IsCompleted: false } before)
        {
            try
            {
                memory.Take(this, bytes);
                return;
            }
            catch (ServiceBusyException)
            {
                await before.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        memory.Take(this, bytes);
    }

    /// <summary>The work is done, and so much is held until the answer has been sent.</summary>
    /// <exception cref="ServiceBusyException">It is more than the work took, and others hold too much (429).</exception>
    public async ValueTask KeepAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytes > Held)
        {
            await TakeAsync(bytes - Held, cancellationToken).ConfigureAwait(false);
        }

        memory.Keep(this, bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Return(this);
}
