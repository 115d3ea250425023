namespace ExplainService.Methods.Pipeline;

/// <summary>When the caller wants the best answer so far.</summary>
/// <param name="time">The clock.</param>
/// <param name="milliseconds">From now; null: whenever it is done.</param>
public sealed class Deadline(TimeProvider time, int? milliseconds)
{
    private readonly long start = time.GetTimestamp();

    /// <summary>No deadline.</summary>
    public static Deadline None { get; } = new(TimeProvider.System, null);

    /// <summary>Milliseconds that the caller allowed; null: no deadline.</summary>
    public int? Milliseconds => milliseconds;

    /// <summary>Time since the request began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Whether it is time to answer with what there is.</summary>
    public bool Passed => milliseconds is { } limit && Elapsed.TotalMilliseconds >= limit;
}
