using System.Diagnostics;

namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// One caller's stream of rows. The caller's own thread pulls its source and waits here; the scheduler only signals. Mutable state is
/// guarded by the scheduler's lock.
/// </summary>
internal sealed class WorkRequest(Workload workload, WorkOptions work, long sequence)
{
    private TaskCompletionSource? waiter;
    private long pulledRows;
    private long pulledTokens;
    private int shortest = int.MaxValue;
    private int longest;

    public Workload Workload => workload;

    public WorkOptions Work => work;

    /// <summary>What is traced of it; null: nothing.</summary>
    public Activity? Stay { get; } = QueueTraces.Stay(workload);

    /// <summary>Rows that were pulled from the source.</summary>
    public long PulledRows => pulledRows;

    /// <summary>Order of arrival.</summary>
    public long Sequence => sequence;

    /// <summary>Rows that wait, oldest first; may hold rows that another request's batch has taken meanwhile.</summary>
    public List<WorkItem> Pending { get; } = [];

    /// <summary>Tokens of the rows that wait or run.</summary>
    public long OutstandingTokens { get; set; }

    /// <summary>Tokens of the rows that were pulled and not yet handed on. Touched by the caller's thread only.</summary>
    public long WindowTokens { get; set; }

    /// <summary>Rows differ in length by more than the padding that is worth avoiding.</summary>
    public bool HasMixedLengths => shortest < longest * (1 - BatchCutter.PaddingLimit);

    /// <summary>Seconds until its deadline; without one, for ever.</summary>
    public double SecondsLeft => work.TimeLeft is { } left ? Math.Max(0, left().TotalSeconds) : double.PositiveInfinity;

    /// <summary>Estimated seconds of device time that it will still take: no more than its deadline leaves it.</summary>
    public double RemainingSeconds => Math.Min(WantedSeconds, SecondsLeft);

    /// <summary>Estimated tokens of all that it asks for.</summary>
    public double WantedTokens
    {
        get
        {
            var meanTokens = pulledRows == 0 ? 0 : (double)pulledTokens / pulledRows;
            var expected = Math.Max(0, work.ExpectedRows - work.Meter.Rows) * meanTokens;
            return Math.Max(OutstandingTokens, expected);
        }
    }

    /// <summary>Estimated seconds of device time that all it asks for would take.</summary>
    public double WantedSeconds => WantedTokens * workload.Throughput.SecondsPerToken;

    /// <summary>When it was last served, or arrived: what ageing counts from.</summary>
    public long LastServed { get; set; }

    /// <summary>Set while a batch is completed, so that each request is signalled once.</summary>
    public int RowsInBatch { get; set; }

    /// <summary>Its tokens in the batch that is being completed.</summary>
    public int TokensInBatch { get; set; }

    /// <summary>Notes a row that was pulled from the source.</summary>
    public void Pulled(RowSize size)
    {
        pulledRows++;
        pulledTokens += size.Tokens;
        WindowTokens += size.Tokens;
        shortest = Math.Min(shortest, size.Tokens);
        longest = Math.Max(longest, size.Tokens);
    }

    /// <summary>Waits until the row is done, or anything else happens. Called with the scheduler's lock held.</summary>
    public Task WaitFor(WorkItem item)
    {
        if (item.IsDone)
        {
            return Task.CompletedTask;
        }

        // Continuations go to the thread pool: the caller's code must never run on the device's thread.
        waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return waiter.Task;
    }

    /// <summary>Something happened: the caller looks again. Called with the scheduler's lock held.</summary>
    public void Signal()
    {
        waiter?.TrySetResult();
        waiter = null;
    }
}
