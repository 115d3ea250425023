namespace ExplainService.Runtime;

/// <summary>Who waits for the rows.</summary>
public enum WorkPriority
{
    /// <summary>Somebody is waiting.</summary>
    Interactive,

    /// <summary>An audit: yields to interactive work, but ages so that it never starves.</summary>
    Batch,
}

/// <summary>Which arithmetic computes perturbation rows.</summary>
public enum Precision
{
    /// <summary>The model as it is.</summary>
    Exact,

    /// <summary>An int8 form whose deviation was measured at load.</summary>
    Fast,
}

/// <summary>How the rows of one request are to be run, and what they cost.</summary>
public sealed record WorkOptions
{
    /// <summary>Who waits.</summary>
    public WorkPriority Priority { get; init; } = WorkPriority.Interactive;

    /// <summary>Which arithmetic.</summary>
    public Precision Precision { get; init; } = Precision.Exact;

    /// <summary>
    /// The most rows that the request will ask for, when known: admission refuses at once what the queue cannot take. 0: not known.
    /// </summary>
    public long ExpectedRows { get; init; }

    /// <summary>
    /// How long the request may still take, when it has a deadline: it never holds the device for longer, whatever it asks for. Null: as long
    /// as it takes.
    /// </summary>
    public Func<TimeSpan>? TimeLeft { get; init; }

    /// <summary>Whether it is of no use before all of it is done.</summary>
    public bool NeedsAll { get; init; }

    /// <summary>Counts what was run.</summary>
    public WorkMeter Meter { get; init; } = new();

    /// <summary>Is told how many parts of a request of several are done, of how many; null: nobody asks.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>What it holds of the memory for requests in work; null: nobody counts.</summary>
    public MemoryShare? Memory { get; init; }

    /// <summary>Which models the work may use; null: all.</summary>
    public ModelAccess? Access { get; init; }

    /// <summary>Lets work in that will hold so many bytes more, or refuses it.</summary>
    /// <exception cref="ServiceBusyException">Others hold too much (429).</exception>
    public ValueTask HoldingAsync(long bytes, CancellationToken cancellationToken) =>
        bytes <= 0 || Memory is null ? ValueTask.CompletedTask : Memory.TakeAsync(bytes, cancellationToken);

    /// <summary>The same work, known to ask for so many rows more.</summary>
    public WorkOptions Expecting(long rows) => rows <= 0 ? this : this with { ExpectedRows = Meter.Rows + rows };
}

/// <summary>Which models a request may use.</summary>
/// <param name="MayUse">Whether it may use the model of a name.</param>
/// <param name="Check">Throws where it may not; null stands for the default model.</param>
public sealed record ModelAccess(Predicate<string> MayUse, Action<string?> Check);

/// <summary>What a request has cost so far. Thread-safe.</summary>
/// <param name="whole">
/// The work that this one is a part of, as a line is of a stream: it counts every part's cost, and the parts have one share of the device.
/// </param>
/// <param name="account">Whose work a whole is; null: nobody's but its own.</param>
public sealed class WorkMeter(WorkMeter? whole = null, WorkAccount? account = null)
{
    private readonly WorkAccount account = whole?.Account ?? account ?? new WorkAccount();
    private long rows;
    private long batches;
    private long tokens;

    /// <summary>Rows asked for, computed or shared with an identical one.</summary>
    public long Rows => Interlocked.Read(ref rows);

    /// <summary>Batches that held at least one of them; one that held rows of several parts counts once for each.</summary>
    public long Batches => Interlocked.Read(ref batches);

    /// <summary>Tokens computed, without padding.</summary>
    public long Tokens => Interlocked.Read(ref tokens);

    /// <summary>Whose work it is.</summary>
    public WorkAccount Account => account;

    /// <summary>The work that this is a part of, or itself.</summary>
    internal WorkMeter Whole => whole?.Whole ?? this;

    /// <summary>Device time that the whole has had, on the fair queue's clock. Guarded by the scheduler's lock.</summary>
    internal double VirtualTime
    {
        get => whole?.VirtualTime ?? field;
        set
        {
            if (whole is null)
            {
                field = value;
            }
            else
            {
                whole.VirtualTime = value;
            }
        }
    }

    /// <summary>The queue has let this request in; further rows of it are not refused. Guarded by the scheduler's lock.</summary>
    internal bool Admitted { get; set; }

    /// <summary>A step of this work, which the queue has let in already, with a count of its own.</summary>
    public WorkMeter Step() => new(this) { Admitted = Admitted };

    /// <summary>Adds rows whose results were known already.</summary>
    public void AddRemembered(int addedRows)
    {
        Interlocked.Add(ref rows, addedRows);
        if (whole is null)
        {
            account.Add(addedRows);
        }

        whole?.AddRemembered(addedRows);
    }

    /// <summary>Adds what one batch computed for this request.</summary>
    public void Add(int addedRows, long addedTokens)
    {
        Interlocked.Add(ref rows, addedRows);
        Interlocked.Increment(ref batches);
        Interlocked.Add(ref tokens, addedTokens);
        if (whole is null)
        {
            account.Add(addedRows);
        }

        whole?.Add(addedRows, addedTokens);
    }
}
