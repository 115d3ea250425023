using System.Runtime.ExceptionServices;

namespace ExplainService.Runtime.Scheduling;

/// <summary>How far a row is.</summary>
internal enum WorkState
{
    /// <summary>Waits for a batch.</summary>
    Pending,

    /// <summary>In a batch that runs.</summary>
    Running,

    /// <summary>Has a result or an error.</summary>
    Done,

    /// <summary>Nobody waits for it any more.</summary>
    Dropped,
}

/// <summary>
/// One row on its way through the scheduler, with everybody who waits for it. All but <see cref="IsDone"/> and the outcome it announces
/// is guarded by the scheduler's lock.
/// </summary>
internal sealed class WorkItem(Workload workload, object row, RowSize size, long sequence)
{
    private volatile WorkState state;
    private object? result;
    private Exception? error;

    public Workload Workload => workload;

    public object Row => row;

    public RowSize Size => size;

    /// <summary>What others of its batch must have in common with it.</summary>
    public object? Company { get; } = workload.CompanyOfRow(row);

    /// <summary>Order of arrival.</summary>
    public long Sequence => sequence;

    public List<WorkRequest> Waiting { get; } = new(1);

    /// <summary>The batch that computes it.</summary>
    public Batch? Batch { get; set; }

    /// <summary>Set by the cutter while it gathers candidates, so that a row with two waiters is taken once.</summary>
    public long GatheredFor { get; set; }

    /// <summary>Virtual time of the request that it was gathered from: rows of equal length go in this order.</summary>
    public double Rank { get; set; }

    public WorkState State => state;

    public bool IsDone => state == WorkState.Done;

    public void MoveTo(WorkState next) => state = next;

    public void Complete(object? computed, Exception? failure)
    {
        result = computed;
        error = failure;
        state = WorkState.Done;
    }

    /// <summary>The result of a row that is done, or what went wrong with it.</summary>
    public object Outcome()
    {
        // One error may be thrown to several callers: its own stack trace must survive each.
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return result!;
    }
}
