namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// Refuses what the queue cannot take, by cost rather than by count. Each request stands for the estimated seconds of the rows that it
/// still asks for; a long one for at most a share of the whole, because the fair queue lets others past it: one audit must not lock
/// everybody out, but many together do. Guarded by the scheduler's lock.
/// </summary>
internal sealed class Admission(TimeSpan limit)
{
    /// <summary>The most that one request counts for, as a part of the limit.</summary>
    private const double LargestShare = 1 / 8.0;

    private double total;

    /// <summary>Estimated work of everybody admitted.</summary>
    public TimeSpan Backlog => TimeSpan.FromSeconds(total);

    /// <summary>Refuse everybody new.</summary>
    public bool Draining { get; set; }

    /// <summary>
    /// Lets a request in or throws. A caller that was let in once (it may run several streams of rows) is never refused half-way.
    /// </summary>
    /// <exception cref="ServiceBusyException">The queue is full, or the service shuts down.</exception>
    public void Enter(WorkRequest request)
    {
        var meter = request.Work.Meter;
        if (!meter.Admitted)
        {
            if (Draining)
            {
                throw ShuttingDown();
            }

            var after = total + Math.Min(request.RemainingSeconds, limit.TotalSeconds * LargestShare);
            if (total > 0 && after > limit.TotalSeconds)
            {
                var wait = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(after - limit.TotalSeconds)));
                throw new ServiceBusyException($"The queue holds {total:0.0} s of work; its limit is {limit.TotalSeconds:0.0} s.", wait);
            }

            meter.Admitted = true;
        }

        Update(request);
    }

    /// <summary>A request's estimate has changed.</summary>
    public void Update(WorkRequest request) => Charge(request, Math.Min(request.RemainingSeconds, limit.TotalSeconds * LargestShare));

    /// <summary>A request has ended.</summary>
    public void Leave(WorkRequest request) => Charge(request, 0);

    /// <summary>What callers are told during shutdown.</summary>
    public static ServiceBusyException ShuttingDown() => new("The service is shutting down.", TimeSpan.FromSeconds(5), unavailable: true);

    private void Charge(WorkRequest request, double seconds)
    {
        total = Math.Max(0, total + seconds - request.AdmittedSeconds);
        request.AdmittedSeconds = seconds;
    }
}
