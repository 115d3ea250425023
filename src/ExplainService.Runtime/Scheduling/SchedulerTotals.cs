namespace ExplainService.Runtime.Scheduling;

/// <summary>What the device has run since the start. Thread-safe.</summary>
public sealed class SchedulerTotals
{
    private long rows;
    private long batches;
    private long tokens;
    private long paddedTokens;
    private long ticks;

    /// <summary>Rows computed.</summary>
    public long Rows => Interlocked.Read(ref rows);

    /// <summary>Batches run.</summary>
    public long Batches => Interlocked.Read(ref batches);

    /// <summary>Tokens without padding.</summary>
    public long Tokens => Interlocked.Read(ref tokens);

    /// <summary>Tokens computed.</summary>
    public long PaddedTokens => Interlocked.Read(ref paddedTokens);

    /// <summary>Time that the device was busy.</summary>
    public TimeSpan Busy => TimeSpan.FromTicks(Interlocked.Read(ref ticks));

    internal void Add(Batch batch, TimeSpan elapsed)
    {
        Interlocked.Add(ref rows, batch.Items.Count);
        Interlocked.Increment(ref batches);
        Interlocked.Add(ref tokens, batch.Tokens);
        Interlocked.Add(ref paddedTokens, batch.PaddedTokens);
        Interlocked.Add(ref ticks, elapsed.Ticks);
    }
}
