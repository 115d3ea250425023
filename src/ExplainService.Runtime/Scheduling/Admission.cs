namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// Refuses what would wait too long, by cost rather than by count. On a fairly shared device a newcomer waits for what the others still
/// ask for, but for no more of each than it asks for itself: a prediction is let in beside many long audits, which are refused beside each
/// other. Batch work gives way, so that interactive requests do not wait for it. Guarded by the scheduler's lock.
/// </summary>
internal sealed class Admission(TimeSpan limit)
{
    /// <summary>The most of a request that is weighed, as a part of the limit: however long it is, an idle service takes it.</summary>
    private const double MaxShare = 1 / 8.0;

    /// <summary>Estimates further ahead are rarely right, and looking again costs next to nothing.</summary>
    private const double MaxRetrySeconds = 60;

    private readonly HashSet<WorkRequest> admitted = [];

    /// <summary>Nobody is admitted.</summary>
    public bool IsEmpty => admitted.Count == 0;

    /// <summary>Estimated work of everybody admitted.</summary>
    public TimeSpan Backlog => TimeSpan.FromSeconds(admitted.Sum(request => request.RemainingSeconds));

    /// <summary>
    /// Lets a request in or throws. A caller that was let in once (it may run several streams of rows) is never refused half-way.
    /// </summary>
    /// <exception cref="ServiceBusyException">It would wait too long.</exception>
    public void Enter(WorkRequest request)
    {
        var meter = request.Work.Meter;
        if (!meter.Admitted)
        {
            RefuseIfFull(request);
            meter.Admitted = true;
        }

        admitted.Add(request);
    }

    /// <summary>A request has ended.</summary>
    public void Leave(WorkRequest request) => admitted.Remove(request);

    private void RefuseIfFull(WorkRequest request)
    {
        // The lines of a stream are one caller, who does not wait for himself. Another account has one part, however much it asks for.
        var account = request.Work.Meter.Account;
        var own = Math.Min(request.RemainingSeconds, limit.TotalSeconds * MaxShare);
        double[] others =
        [
            .. admitted
                .Where(other => other.Work.Priority <= request.Work.Priority && other.Work.Meter.Whole != request.Work.Meter.Whole)
                .GroupBy<WorkRequest, object, double>(
                    other => other.Work.Meter.Account == account ? other.Work.Meter.Whole : other.Work.Meter.Account,
                    other => other.RemainingSeconds
                )
                .Select(parts => parts.Sum()),
        ];
        var wait = others.Sum(other => Math.Min(other, own));
        RefuseIfLate(request, others);
        if (wait > 0 && wait + own > limit.TotalSeconds)
        {
            var room = TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(UntilRoom(others, own)), 1, MaxRetrySeconds));
            throw new ServiceBusyException(
                FormattableString.Invariant(
                    $"The request would wait for {wait:0.0} s of work; the queue's limit is {limit.TotalSeconds:0.0} s."
                ),
                room
            );
        }
    }

    /// <summary>What would come after its deadline, and is of no use then, is told so at once.</summary>
    private static void RefuseIfLate(WorkRequest request, double[] others)
    {
        var wanted = request.WantedSeconds;
        var wait = others.Sum(other => Math.Min(other, wanted));
        if (request.Work.NeedsAll && wait > 0 && wanted < request.SecondsLeft && wait + wanted > request.SecondsLeft)
        {
            throw new ServiceBusyException(
                FormattableString.Invariant(
                    $"The request would wait for {wait:0.0} s of work, and its deadline leaves it {request.SecondsLeft:0.0} s."
                ),
                TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(wait + wanted - request.SecondsLeft), 1, MaxRetrySeconds))
            );
        }
    }

    /// <summary>Seconds until the others have had so much each that there is room for a newcomer.</summary>
    private double UntilRoom(double[] others, double own)
    {
        var (served, unserved) = (0.0, others.Max());
        for (var halving = 0; halving < 40; halving++)
        {
            var middle = (served + unserved) / 2;
            if (others.Sum(other => Math.Clamp(other - middle, 0, own)) + own > limit.TotalSeconds)
            {
                served = middle;
            }
            else
            {
                unserved = middle;
            }
        }

        return others.Sum(other => Math.Min(other, unserved));
    }
}
