namespace ExplainService.Runtime.Scheduling;

/// <summary>Who waits for which row, and which rows are the same. Guarded by the scheduler's lock.</summary>
internal sealed class RowLedger
{
    private long sequence;

    /// <summary>The row's item: one with its result if that is remembered, one that waits or runs already, or a new one.</summary>
    public WorkItem Find(Workload workload, object row, RowSize size)
    {
        if (workload.Shared?.TryGetValue(row, out var shared) == true)
        {
            return shared;
        }

        var item = new WorkItem(workload, row, size, ++sequence);
        if (workload.Recent?.TryGet(row, out var known) == true)
        {
            item.Complete(known, null);
        }
        else
        {
            workload.Shared?.Add(row, item);
        }

        return item;
    }

    /// <summary>Lets a request wait for a row.</summary>
    public static void Await(WorkRequest request, WorkItem item)
    {
        if (item.Batch is { } batch && item.Waiting.Count == 0)
        {
            batch.Wanted++;
        }

        item.Waiting.Add(request);
        request.OutstandingTokens += item.Size.Tokens;
        if (item.State == WorkState.Pending)
        {
            request.Pending.Add(item);
        }
    }

    /// <summary>Gives a row its outcome; adds the requests that waited for it to <paramref name="served"/>, each once.</summary>
    public static void Complete(WorkItem item, object? result, Exception? error, List<WorkRequest> served)
    {
        item.Complete(result, error);
        Forget(item);
        if (result is not null)
        {
            item.Workload.Recent?.Add(item.Row, result);
        }

        if (item.Batch is { } batch && item.Waiting.Count > 0)
        {
            batch.Wanted--;
        }

        foreach (var request in item.Waiting)
        {
            if (request.RowsInBatch == 0)
            {
                served.Add(request);
            }

            request.RowsInBatch++;
            request.TokensInBatch += item.Size.Tokens;
            request.OutstandingTokens -= item.Size.Tokens;
        }
    }

    /// <summary>
    /// A caller no longer waits for a row; adds its batch to <paramref name="abandoned"/> if nobody waits for any row of that.
    /// </summary>
    public static void Leave(WorkRequest request, WorkItem item, List<Batch> abandoned)
    {
        if (!item.Waiting.Remove(request) || item.Waiting.Count > 0)
        {
            return;
        }

        if (item.State == WorkState.Pending)
        {
            item.MoveTo(WorkState.Dropped);
            Forget(item);
        }
        else if (item.Batch is { } batch && --batch.Wanted == 0)
        {
            // The batch is about to be stopped: nobody may join its rows any more.
            foreach (var running in batch.Items)
            {
                Forget(running);
            }

            abandoned.Add(batch);
        }
    }

    private static void Forget(WorkItem item)
    {
        if (item.Workload.Shared is { } shared && shared.TryGetValue(item.Row, out var current) && current == item)
        {
            shared.Remove(item.Row);
        }
    }
}
