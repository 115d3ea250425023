namespace ExplainService.Runtime.Scheduling;

/// <summary>How the queue behaves.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Batches that run at once. One, unless there are several devices: ONNX Runtime uses every core for one batch.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>
    /// Whether short work of others runs beside the batch that runs (<see cref="ShortLane"/>): on processors, whose cores both then share;
    /// another device has memory for one batch.
    /// </summary>
    public bool RunsShortBeside { get; init; } = true;

    /// <summary>
    /// How far batches give way to the rest of the process where both run on processors, as <c>nice(1)</c> counts: to short work of others,
    /// which had half of the cores beside a batch otherwise, and to reading and answering requests. Cores that nothing else wants compute
    /// batches as fast as before.
    /// </summary>
    public int Niceness { get; init; }

    /// <summary>The most seconds that a newcomer may have to wait for others, by estimate, before it is refused (429).</summary>
    public double MaxQueueSeconds { get; init; } = 240;

    /// <summary>Seconds without service after which a batch request counts as interactive for one batch.</summary>
    public double AgeingSeconds { get; init; } = 2;

    /// <summary>Threads for short work of others.</summary>
    internal int ShortWorkers => RunsShortBeside ? Math.Min(1, Workers) : 0;
}
