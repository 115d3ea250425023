using ExplainService.Runtime;

namespace ExplainService.Protocol.Lines;

/// <summary>
/// The tries of a line of a stream. A stream is its own queue: where a single request would be told to come back, a line waits for its turn.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="longest">After which a line that is still refused is answered so.</param>
public sealed class LineTries(TimeProvider time, TimeSpan longest)
{
    private readonly long begun = time.GetTimestamp();
    private (Exception? Of, bool IsTried) decided;

    /// <summary>When the first began.</summary>
    public DateTimeOffset Started { get; } = time.GetUtcNow();

    /// <summary>How many there were before this one.</summary>
    public int Before { get; private set; }

    /// <summary>Whether a failure is none yet, as the line is tried again; who asks twice is told the same.</summary>
    public bool IsTriedAgain(Exception failure)
    {
        if (!ReferenceEquals(decided.Of, failure))
        {
            decided = (failure, failure is ServiceBusyException { Unavailable: false } && time.GetElapsedTime(begun) < longest);
        }

        return decided.IsTried;
    }

    /// <summary>It is tried again.</summary>
    internal void Again() => Before++;
}
