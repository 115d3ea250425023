using System.Collections.Concurrent;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Store;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Jobs.Work;

/// <summary>
/// Takes chunks, works on them, writes their results; tells the database that it lives; notices when a job is cancelled. What it holds when
/// it dies, another worker takes once the lease has ended.
/// </summary>
internal sealed class JobWorker(
    JobStorage storage,
    ChunkWork work,
    LateModels late,
    JobSignals signals,
    JobFailures failures,
    JobOptions options,
    IJobObserver observer,
    TimeProvider time,
    IJobAccounts? accounts = null
) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Renewal = SqlJobStore.Lease / 4;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private static readonly JobState[] Working = [JobState.Queued, JobState.Running];

    private readonly ConcurrentDictionary<ChunkKey, CancellationTokenSource> mine = new();
    private readonly ConcurrentDictionary<ChunkKey, Task> ends = new();

    /// <summary>Chunks given up that the database could not be told of: their leases are renewed with all others of this worker.</summary>
    private readonly ConcurrentDictionary<ChunkKey, bool> unreleased = new();
    private readonly SemaphoreSlim window = new(options.Window);
    private volatile bool lost;

    /// <summary>Works until it is told to stop; then gives back what it has not done.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var living = LiveAsync(stopping);
        try
        {
            while (true)
            {
                var change = signals.Next;
                if (!await TryNextAsync(stopping).ConfigureAwait(false))
                {
                    await JobSignals.WaitAsync(change, Look, time, stopping).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }

        await living.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(ends.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => window.Dispose();

    /// <summary>Begins one chunk, if there is one.</summary>
    private async Task<bool> TryNextAsync(CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        if (!storage.Exists || late.IsTriedAgain)
        {
            return false;
        }

        // Before anything is taken: a job that is given up is not to be begun again.
        await WriteFailuresAsync(stopping).ConfigureAwait(false);

        ChunkLease? lease;
        IJobStore store;
        try
        {
            store = await storage.OpenAsync(stopping).ConfigureAwait(false);
            lease = await store
                .TakeAsync(storage.Owner, options.MaxRunning, owner => accounts?.HasRoom(owner) != false, stopping)
                .ConfigureAwait(false);
            Found();
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            Lost(failure);
            return false;
        }

        if (lease is null)
        {
            return false;
        }

        signals.Changed();
        await BeginAsync(store, lease, stopping).ConfigureAwait(false);
        return true;
    }

    private async Task BeginAsync(IJobStore store, ChunkLease lease, CancellationToken stopping)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        mine[lease.Key] = stop;
        unreleased.TryRemove(lease.Key, out _);
        try
        {
            if (lease.Tries > RowExplainer.MaxTries)
            {
                await IsolateAsync(store, lease, stopping).ConfigureAwait(false);
                Forget(lease.Key);
                return;
            }

            var results = await work.BeginAsync(store, lease, window, stop.Token).ConfigureAwait(false);
            // Its end is not waited for: the next chunk's rows fill the batches that its last rows leave.
            var end = EndAsync(store, lease, results, stop);
            ends[lease.Key] = end;
            _ = end.ContinueWith(_ => ends.TryRemove(lease.Key, out var _), TaskScheduler.Default);
        }
        catch (Exception failure)
        {
            await GiveUpAsync(store, lease, failure, stop).ConfigureAwait(false);
            if (stopping.IsCancellationRequested)
            {
                throw;
            }
        }
    }

    /// <summary>A worker died over it too often. The row that kills is found by having each alone; alone it has its problem as result.</summary>
    private async Task IsolateAsync(IJobStore store, ChunkLease lease, CancellationToken stopping)
    {
        if (lease.Rows == 1)
        {
            await CommitAsync(store, lease, ChunkWork.Deadly(lease), stopping).ConfigureAwait(false);
            return;
        }

        var parts = Segments.Rows(lease.Body).Select(row => new NewChunk(row.Row, 1, Segments.Pack([row])));
        await store.SplitAsync(lease, [.. parts], storage.Owner, stopping).ConfigureAwait(false);
    }

    private async Task EndAsync(IJobStore store, ChunkLease lease, Task<ChunkResult> results, CancellationTokenSource stop)
    {
        try
        {
            var result = await results.ConfigureAwait(false);
            await CommitAsync(store, lease, result, stop.Token).ConfigureAwait(false);
            Forget(lease.Key);
        }
        catch (Exception failure)
        {
            await GiveUpAsync(store, lease, failure, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Writes results, for as long as it takes the database to come back while nobody else has taken the chunk.</summary>
    private async Task CommitAsync(IJobStore store, ChunkLease lease, ChunkResult result, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                var written = await store.CommitAsync(lease, result, storage.Owner, stop).ConfigureAwait(false);
                Found();
                late.Answered(lease.Key.Job);
                signals.Changed();
                await TellEndAsync(store, lease, written).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (JobStorage.IsLoss(failure) && !storage.IsFull(failure))
            {
                Lost(failure);
                await Task.Delay(Look, time, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task TellEndAsync(IJobStore store, ChunkLease lease, bool written)
    {
        if (!written)
        {
            observer.GivenUp(lease.Key.Job, lease.Key.FirstRow);
        }
        else if (await store.FindAsync(lease.Key.Job, CancellationToken.None).ConfigureAwait(false) is { State: JobState.Succeeded })
        {
            observer.Ended(lease.Key.Job, EnumNames.Of(JobState.Succeeded));
        }
    }

    /// <summary>Gives a chunk back. A full disk ends the job until it is resumed; a fault of the service does too, else it would go on for ever.</summary>
    private async Task GiveUpAsync(IJobStore store, ChunkLease lease, Exception failure, CancellationTokenSource stop)
    {
        Forget(lease.Key);
        observer.GivenUp(lease.Key.Job, lease.Key.FirstRow);
        if (failure is ModelNotUsableException { IsLate: true } problem)
        {
            late.TryAgain(lease.Key.Job, problem, stop.Token);
        }
        else if (!JobStorage.IsLoss(failure) && failure is not OperationCanceledException)
        {
            observer.Faulted(failure);
            failures.Add(lease.Key.Job, "The service failed; its log says at what.");
        }
        else if (storage.IsFull(failure))
        {
            failures.Add(lease.Key.Job, storage.Reason(failure));
        }

        using var last = new CancellationTokenSource(Farewell, time);
        try
        {
            await WriteFailuresAsync(last.Token).ConfigureAwait(false);
            await store.ReleaseAsync(lease.Key, storage.Owner, last.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (JobStorage.IsLoss(gone) || gone is OperationCanceledException)
        {
            unreleased[lease.Key] = true;
        }
    }

    /// <summary>Jobs that have failed are told so, as soon as the database takes it.</summary>
    private async Task WriteFailuresAsync(CancellationToken cancellationToken)
    {
        foreach (var (job, reason) in failures.Unwritten)
        {
            try
            {
                var store = await storage.OpenAsync(cancellationToken).ConfigureAwait(false);
                var hasFailed = await store.ChangeAsync(job, Working, JobState.Failed, reason, cancellationToken).ConfigureAwait(false);
                failures.Remove(job);
                if (hasFailed)
                {
                    observer.Ended(job, EnumNames.Of(JobState.Failed));
                }

                signals.Changed();
            }
            catch (Exception still) when (JobStorage.IsLoss(still))
            {
                Lost(still);
            }
        }
    }

    /// <summary>Signs of life, as long as there is anything to hold.</summary>
    private async Task LiveAsync(CancellationToken stopping)
    {
        while (true)
        {
            var change = signals.Next;
            await JobSignals.WaitAsync(change, Renewal, time, stopping).ConfigureAwait(false);
            if (mine.IsEmpty && unreleased.IsEmpty)
            {
                continue;
            }

            try
            {
                KeyValuePair<ChunkKey, CancellationTokenSource>[] before = [.. mine];
                var store = await storage.OpenAsync(stopping).ConfigureAwait(false);
                await ReleaseAsync(store, stopping).ConfigureAwait(false);
                var kept = await store.RenewAsync(storage.Owner, stopping).ConfigureAwait(false);
                foreach (var (key, stop) in before)
                {
                    if (!kept.Contains(key) && mine.ContainsKey(key))
                    {
                        await stop.CancelAsync().ConfigureAwait(false);
                    }
                }
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                Lost(failure);
            }
        }
    }

    private async Task ReleaseAsync(IJobStore store, CancellationToken stopping)
    {
        foreach (var key in unreleased.Keys.Where(key => !mine.ContainsKey(key)))
        {
            await store.ReleaseAsync(key, storage.Owner, stopping).ConfigureAwait(false);
            unreleased.TryRemove(key, out _);
        }
    }

    private void Forget(ChunkKey key)
    {
        mine.TryRemove(key, out _);
    }

    private void Lost(Exception failure)
    {
        if (!lost)
        {
            lost = true;
            observer.StoreLost(storage.Reason(failure));
            if (!JobStorage.IsLoss(failure))
            {
                observer.Faulted(failure);
            }
        }
    }

    private void Found()
    {
        if (lost)
        {
            lost = false;
            observer.StoreFound();
        }
    }
}
