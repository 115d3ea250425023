namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// Who goes next. Interactive requests before batch ones; a batch request that has not been served for a while counts as interactive
/// once. Among equals weighted fair queueing (Demers, Keshav and Shenker 1989): the queue's clock is what everybody would have had by now
/// of a device that is shared evenly, a newcomer starts there, and the one goes next whose batch such a device would finish first. A
/// single prediction goes right after the batch that runs, however many rows a SHAP still has; and however many predictions come, the
/// clock passes the SHAP's by, so that none of them starves it. Accounts are served so, and within an account its requests: one with many
/// requests has no more than one with a single one.
/// </summary>
internal sealed class FairQueue(TimeProvider time, TimeSpan ageing)
{
    private readonly List<WorkRequest> requests = [];

    // The requests of each share: the lines of a stream have one together.
    private readonly Dictionary<WorkMeter, int> shares = [];

    // How many shares each account has.
    private readonly Dictionary<WorkAccount, int> accounts = [];
    private readonly Dictionary<WorkAccount, WorkRequest> first = [];
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
        var (meter, account) = (request.Work.Meter, request.Work.Meter.Account);
        account.VirtualTime = Math.Max(account.VirtualTime, virtualTime);
        meter.VirtualTime = Math.Max(meter.VirtualTime, account.Clock);
        requests.Add(request);
        if ((shares[meter.Whole] = shares.GetValueOrDefault(meter.Whole) + 1) == 1)
        {
            accounts[account] = accounts.GetValueOrDefault(account) + 1;
        }
    }

    public void Leave(WorkRequest request)
    {
        var (whole, account) = (request.Work.Meter.Whole, request.Work.Meter.Account);
        if (!requests.Remove(request) || --shares[whole] > 0)
        {
            return;
        }

        shares.Remove(whole);
        if (--accounts[account] == 0)
        {
            accounts.Remove(account);
        }
    }

    /// <summary>Every row that waits.</summary>
    public List<WorkItem> AllPending() =>
        [.. requests.SelectMany(request => request.Pending).Where(item => item.State == WorkState.Pending).Distinct()];

    /// <summary>The rows of the next batch; null where nothing waits.</summary>
    /// <param name="mayGo">Whose rows may be in it; null: everybody's.</param>
    public List<WorkItem>? Next(Func<WorkRequest, bool>? mayGo = null)
    {
        first.Clear();
        foreach (var request in requests)
        {
            if (mayGo?.Invoke(request) == false)
            {
                continue;
            }

            request.Pending.RemoveAll(item => item.State != WorkState.Pending);
            var account = request.Work.Meter.Account;
            if (request.Pending.Count > 0 && (!first.TryGetValue(account, out var other) || Precedes(request, other, OwnTime)))
            {
                first[account] = request;
            }
        }

        WorkRequest? chosen = null;
        foreach (var request in first.Values)
        {
            if (chosen is null || Precedes(request, chosen, AccountTime))
            {
                chosen = request;
            }
        }

        if (chosen is null)
        {
            return null;
        }

        return BatchCutter.Cut(Gather(chosen, mayGo), chosen.Pending[0], chosen.Workload.TokenBudget, chosen.Workload.EqualLengths);
    }

    /// <summary>Charges a request for its part of a batch.</summary>
    public void Charge(WorkRequest request, int tokens)
    {
        request.LastServed = time.GetTimestamp();
        var seconds = tokens * request.Workload.Throughput.SecondsPerToken;
        var account = request.Work.Meter.Account;
        if (!accounts.TryGetValue(account, out var parts))
        {
            // It waits for rows of others and has not been let in, or is about to leave.
            return;
        }

        request.Work.Meter.VirtualTime += seconds;
        account.Clock += seconds / parts;
        account.VirtualTime += seconds;
        virtualTime += seconds / accounts.Count;
    }

    /// <summary>The rows that may share a batch with the chosen request's: same workload and company, not of lower priority.</summary>
    private List<WorkItem> Gather(WorkRequest chosen, Func<WorkRequest, bool>? mayGo)
    {
        gathering++;
        var (rank, company) = (RankOf(chosen), chosen.Pending[0].Company);
        var candidates = new List<WorkItem>(chosen.Pending.Count);
        foreach (var request in requests)
        {
            if (request.Workload != chosen.Workload || RankOf(request) > rank || mayGo?.Invoke(request) == false)
            {
                continue;
            }

            foreach (var item in request.Pending)
            {
                if (item.GatheredFor == gathering || !Equals(item.Company, company))
                {
                    continue;
                }

                item.GatheredFor = gathering;
                item.Rank = request == chosen ? double.NegativeInfinity : AccountTime(request);
                candidates.Add(item);
            }
        }

        return candidates;
    }

    private static double OwnTime(WorkRequest request) => request.Work.Meter.VirtualTime;

    private static double AccountTime(WorkRequest request) => request.Work.Meter.Account.VirtualTime;

    private bool Precedes(WorkRequest left, WorkRequest right, Func<WorkRequest, double> time)
    {
        var order = RankOf(left).CompareTo(RankOf(right));
        if (order == 0)
        {
            order = FinishOf(left, time).CompareTo(FinishOf(right, time));
        }

        return order != 0 ? order < 0 : left.Sequence < right.Sequence;
    }

    /// <summary>When the request's next batch would be done on an evenly shared device.</summary>
    private static double FinishOf(WorkRequest request, Func<WorkRequest, double> time) =>
        time(request) + (Math.Min(request.OutstandingTokens, request.Workload.TokenBudget) * request.Workload.Throughput.SecondsPerToken);

    private int RankOf(WorkRequest request) =>
        request.Work.Priority == WorkPriority.Interactive || time.GetElapsedTime(request.LastServed) >= ageing ? 0 : 1;
}
