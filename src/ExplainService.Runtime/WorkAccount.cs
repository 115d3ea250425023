namespace ExplainService.Runtime;

/// <summary>
/// Whose work it is: accounts share the device evenly, however many requests each has, and the requests of an account share its part.
/// Thread-safe.
/// </summary>
public sealed class WorkAccount
{
    private long rows;

    /// <summary>Rows that its requests have had, computed or shared with an identical one.</summary>
    public long Rows => Interlocked.Read(ref rows);

    /// <summary>Device time that it has had, on the fair queue's clock. Guarded by the scheduler's lock.</summary>
    internal double VirtualTime { get; set; }

    /// <summary>What each of its requests would have had by now of its part, shared evenly. Guarded by the scheduler's lock.</summary>
    internal double Clock { get; set; }

    internal void Add(int added) => Interlocked.Add(ref rows, added);
}
