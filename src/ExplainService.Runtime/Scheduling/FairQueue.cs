namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// Who goes next. Interactive requests before batch ones; a batch request that has not been served for a while counts as interactive
/// once, so that it never starves. Among equals the one that has had the least (start-time fair queueing, Goyal et al. 1996): a newcomer
/// starts where the queue stands, so a single prediction goes right after the batch that runs, however many rows a SHAP still has.
/// </summary>
internal sealed class FairQueue(TimeProvider time, TimeSpan ageing)
{
    private readonly List<WorkRequest> requests = [];
    private double virtualTime;
    private long gathering;

    /// <summary>Requests that have not ended.</summary>
    public int Count => requests.Count;

    public void Join(WorkRequest request)
    {
        if (requests.Contains(request))
        {
            return;
        }

        request.LastServed = time.GetTimestamp();
        request.Work.Meter.VirtualTime = Math.Max(request.Work.Meter.VirtualTime, virtualTime);
        requests.Add(request);
    }

    public void Leave(WorkRequest request) => requests.Remove(request);

    /// <summary>Every row that waits.</summary>
    public List<WorkItem> AllPending() =>
        [.. requests.SelectMany(request => request.Pending).Where(item => item.State == WorkState.Pending).Distinct()];

    /// <summary>The rows of the next batch; null where nothing waits.</summary>
    public List<WorkItem>? Next()
    {
        WorkRequest? chosen = null;
        foreach (var request in requests)
        {
            request.Pending.RemoveAll(item => item.State != WorkState.Pending);
            if (request.Pending.Count > 0 && (chosen is null || Precedes(request, chosen)))
            {
                chosen = request;
            }
        }

        if (chosen is null)
        {
            return null;
        }

        virtualTime = Math.Max(virtualTime, chosen.Work.Meter.VirtualTime);
        return BatchCutter.Cut(Gather(chosen), chosen.Pending[0], chosen.Workload.TokenBudget, chosen.Workload.EqualLengths);
    }

    /// <summary>Charges a request for its part of a batch.</summary>
    public void Charge(WorkRequest request, int tokens)
    {
        request.LastServed = time.GetTimestamp();
        request.Work.Meter.VirtualTime =
            Math.Max(request.Work.Meter.VirtualTime, virtualTime) + (tokens * request.Workload.Throughput.SecondsPerToken);
    }

    /// <summary>The rows that may share a batch with the chosen request's: same workload, not of lower priority.</summary>
    private List<WorkItem> Gather(WorkRequest chosen)
    {
        gathering++;
        var rank = RankOf(chosen);
        var candidates = new List<WorkItem>(chosen.Pending.Count);
        foreach (var request in requests)
        {
            if (request.Workload != chosen.Workload || RankOf(request) > rank)
            {
                continue;
            }

            foreach (var item in request.Pending)
            {
                if (item.GatheredFor == gathering)
                {
                    continue;
                }

                item.GatheredFor = gathering;
                item.Rank = request == chosen ? double.NegativeInfinity : request.Work.Meter.VirtualTime;
                candidates.Add(item);
            }
        }

        return candidates;
    }

    private bool Precedes(WorkRequest left, WorkRequest right)
    {
        var order = RankOf(left).CompareTo(RankOf(right));
        if (order == 0)
        {
            order = left.Work.Meter.VirtualTime.CompareTo(right.Work.Meter.VirtualTime);
        }

        return order != 0 ? order < 0 : left.Sequence < right.Sequence;
    }

    private int RankOf(WorkRequest request) =>
        request.Work.Priority == WorkPriority.Interactive || time.GetElapsedTime(request.LastServed) >= ageing ? 0 : 1;
}
