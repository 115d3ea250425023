using System.Runtime.CompilerServices;

namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// Turns streams of rows into batches for the device and batches back into streams of results. Rows are pulled from lazy sources by
/// their callers' own threads, a batch ahead of the one that runs, so any number of rows takes bounded memory. A batch is cut the moment
/// the device is free: under load batches fill up by themselves, and an idle service answers at once.
/// </summary>
public sealed class Scheduler : IDisposable
{
    /// <summary>
    /// Batches' worth of rows that are pulled where lengths differ, for the cutter to find neighbours of equal length among.
    /// </summary>
    private const int LengthWindow = 16;

    private readonly object gate = new();
    private readonly TimeProvider time;
    private readonly FairQueue queue;
    private readonly Admission admission;
    private readonly RowLedger ledger = new();
    private readonly ShortLane lane = new();
    private readonly DeviceWorker[] workers;
    private long sequence;
    private long arrivals;
    private bool stopped;
    private TaskCompletionSource? idle;

    /// <summary>Creates the queue and starts its device threads.</summary>
    public Scheduler(SchedulerOptions options, TimeProvider time)
    {
        this.time = time;
        queue = new FairQueue(time, TimeSpan.FromSeconds(options.AgeingSeconds));
        admission = new Admission(TimeSpan.FromSeconds(options.MaxQueueSeconds));
        workers =
        [
            .. Enumerable.Range(0, options.Workers).Select(number => Worker(number, options.Niceness, isShort: false)),
            .. Enumerable.Range(options.Workers, options.ShortWorkers).Select(last => Worker(last, niceness: 0, isShort: true)),
        ];

        DeviceWorker Worker(int number, int niceness, bool isShort) => new(number, niceness, () => RunForever(isShort));
    }

    /// <summary>Estimated work of the requests that were let in.</summary>
    public TimeSpan Backlog
    {
        get
        {
            lock (gate)
            {
                return admission.Backlog;
            }
        }
    }

    /// <summary>Waits until no request has rows that wait or run.</summary>
    public Task IdleAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return admission.IsEmpty
                ? Task.CompletedTask
                : (idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>For what must not run beside batches.</summary>
    public DeviceGate Device { get; } = new();

    /// <summary>What has run so far.</summary>
    public SchedulerTotals Totals { get; } = new();

    /// <summary>Results of the rows, in their order.</summary>
    /// <exception cref="ServiceBusyException">The queue is full, or closed; before any row has run.</exception>
    public async IAsyncEnumerable<TResult> RunAsync<TRow, TResult>(
        Workload<TRow, TResult> workload,
        IEnumerable<TRow> rows,
        WorkOptions work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where TRow : class
        where TResult : class
    {
        var request = new WorkRequest(workload, work, Interlocked.Increment(ref sequence));
        var window = new Queue<WorkItem>();
        using var source = rows.GetEnumerator();
        try
        {
            var more = true;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                more = more && Pull(request, source, window);
                if (!window.TryPeek(out var head))
                {
                    yield break;
                }

                if (!head.IsDone)
                {
                    Task signal;
                    lock (gate)
                    {
                        signal = request.WaitFor(head);
                    }

                    await signal.WaitAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }

                window.Dequeue();
                request.WindowTokens -= head.Size.Tokens;
                yield return (TResult)head.Outcome();
            }
        }
        finally
        {
            End(request, window);
        }
    }

    /// <summary>Stops the device threads after the batches that run; rows that still wait fail as refused.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            if (queue.AllPending() is { Count: > 0 } waiting)
            {
                Finish(waiting, null, ServiceBusyException.ShuttingDown());
            }

            Monitor.PulseAll(gate);
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }
    }

    /// <summary>Runs the next batch on the calling thread, if any row waits: one turn of a device thread.</summary>
    /// <param name="isShort">Beside the batch that runs, of the <see cref="ShortLane">short work</see> of others.</param>
    internal bool RunNext(bool isShort = false) =>
        Device.RunShared(() =>
        {
            // Cut now and no earlier: what came while the turn was waited for may go first or join, and who left is not in it.
            Batch? batch;
            lock (gate)
            {
                batch = Cut(isShort);
            }

            if (batch is null)
            {
                return false;
            }

            Run(batch, isShort);
            return true;
        });

    private void RunForever(bool isShort)
    {
        while (true)
        {
            long seen;
            lock (gate)
            {
                seen = arrivals;
            }

            if (RunNext(isShort))
            {
                continue;
            }

            lock (gate)
            {
                while (arrivals == seen)
                {
                    if (stopped)
                    {
                        return;
                    }

                    Monitor.Wait(gate);
                }
            }
        }
    }

    /// <summary>Pulls the source until enough rows wait; false at its end.</summary>
    private bool Pull(WorkRequest request, IEnumerator<object> source, Queue<WorkItem> window)
    {
        List<(object Row, RowSize Size)>? pulled = null;
        var outstanding = request.OutstandingTokens;
        var more = true;
        while (outstanding < Ahead(request) && request.WindowTokens < 2 * Ahead(request) && (more = source.MoveNext()))
        {
            var row = source.Current;
            var size = request.Workload.MeasureRow(row);
            (pulled ??= []).Add((row, size));
            outstanding += size.Tokens;
            request.Pulled(size);
        }

        if (pulled is not null)
        {
            lock (gate)
            {
                Submit(request, pulled, window);
            }
        }

        return more;
    }

    /// <summary>Tokens to have waiting or running: the batch that runs and one more, or a window where lengths are mixed.</summary>
    private static long Ahead(WorkRequest request) => (long)request.Workload.TokenBudget * (request.HasMixedLengths ? LengthWindow : 2);

    private void Submit(WorkRequest request, List<(object Row, RowSize Size)> rows, Queue<WorkItem> window)
    {
        var remembered = 0;
        foreach (var (row, size) in rows)
        {
            var item = ledger.Find(request.Workload, row, size);
            window.Enqueue(item);
            if (item.IsDone)
            {
                remembered++;
            }
            else
            {
                RowLedger.Await(request, item);
            }
        }

        request.Work.Meter.AddRemembered(remembered);
        if (request.OutstandingTokens == 0)
        {
            return;
        }

        if (stopped)
        {
            throw ServiceBusyException.ShuttingDown();
        }

        admission.Enter(request);
        queue.Join(request);
        arrivals++;
        Monitor.PulseAll(gate);
    }

    private Batch? Cut(bool isShort)
    {
        if ((isShort && !lane.IsBeside) || queue.Next(isShort ? lane.MayGo : null) is not { } items)
        {
            return null;
        }

        var batch = new Batch(items);
        foreach (var item in items)
        {
            item.MoveTo(WorkState.Running);
            item.Batch = batch;
            foreach (var request in item.Waiting)
            {
                queue.Charge(request, item.Size.Tokens);
            }
        }

        lane.Enter(batch, isShort);
        // What is left behind may be short.
        arrivals++;
        Monitor.PulseAll(gate);
        return batch;
    }

    private void Run(Batch batch, bool isShort)
    {
        using var trace = QueueTraces.Run(batch);
        try
        {
            var start = time.GetTimestamp();
            var results = batch.Workload.RunRows(batch.Items, batch.Abandoned);
            var elapsed = time.GetElapsedTime(start);
            if (!batch.IsSlowed)
            {
                batch.Workload.Throughput.Observe(batch.PaddedTokens, batch.Workload.TokenBudget, elapsed);
            }

            // What runs beside another batch has a part of the device, which is busy with that.
            Totals.Add(batch, isShort ? TimeSpan.Zero : elapsed);
            Finish(batch.Items, results, null);
        }
        catch (Exception error)
        {
            Fail(batch.Items, batch, error);
        }
        finally
        {
            lock (gate)
            {
                lane.Leave(batch);
            }
        }
    }

    /// <summary>Another try of a part of a batch that failed as a whole. Parts of it are smaller still, so it ends.</summary>
    private void RunPart(IReadOnlyList<WorkItem> items, Batch batch)
    {
        lock (gate)
        {
            if (items.All(item => item.Waiting.Count == 0))
            {
                Finish(items, null, new OperationCanceledException());
                return;
            }
        }

        try
        {
            Finish(items, batch.Workload.RunRows(items, batch.Abandoned), null);
        }
        catch (Exception error)
        {
            Fail(items, batch, error);
        }
    }

    private void Fail(IReadOnlyList<WorkItem> items, Batch batch, Exception error)
    {
        IReadOnlyList<IReadOnlyList<WorkItem>>? parts;

        // One lock for both: nobody may join a row between being told apart from its callers and its failure.
        lock (gate)
        {
            parts = batch.Abandoned.IsCancellationRequested ? null : FailureIsolation.Split(items, error);
            if (parts is null)
            {
                Finish(items, null, FailureIsolation.Told(error));
                return;
            }
        }

        foreach (var part in parts)
        {
            RunPart(part, batch);
        }
    }

    private void Finish(IReadOnlyList<WorkItem> items, object[]? results, Exception? error)
    {
        lock (gate)
        {
            var served = new List<WorkRequest>();
            for (var i = 0; i < items.Count; i++)
            {
                RowLedger.Complete(items[i], results?[i], error, served);
            }

            foreach (var request in served)
            {
                request.Work.Meter.Add(request.RowsInBatch, request.TokensInBatch);
                request.RowsInBatch = request.TokensInBatch = 0;
                request.Signal();
            }
        }
    }

    /// <summary>The caller has everything, failed, or left: rows that nobody else waits for are dropped.</summary>
    private void End(WorkRequest request, Queue<WorkItem> window)
    {
        var abandoned = new List<Batch>();
        lock (gate)
        {
            foreach (var item in window.Where(item => !item.IsDone))
            {
                RowLedger.Leave(request, item, abandoned);
            }

            queue.Leave(request);
            admission.Leave(request);
            if (admission.IsEmpty)
            {
                idle?.TrySetResult();
                idle = null;
            }
        }

        foreach (var batch in abandoned)
        {
            batch.Abandon();
        }

        QueueTraces.End(request.Stay, request.PulledRows);
    }
}
