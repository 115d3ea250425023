using System.Collections.Concurrent;
using ExplainService.Jobs;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Api.Access;

/// <summary>What callers have asked of the device: each has one share of it, and a budget an hour.</summary>
internal sealed class CallerAccounts(AuthOptions auth, TimeProvider time) : IJobAccounts
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Account> accounts = new(StringComparer.Ordinal);

    /// <summary>The caller's share of the device.</summary>
    public WorkAccount Of(Caller caller) => Find(caller.Id).Work;

    /// <inheritdoc/>
    public WorkAccount Of(string owner) => Find(owner).Work;

    /// <inheritdoc/>
    /// <remarks>Of a key that is no longer let in there is no limit to know; its jobs go on to their end.</remarks>
    public bool HasRoom(string owner) => Budget(owner, LimitOf(owner)) is not { Remaining: 0 };

    /// <summary>How far the budget is used; null: the caller has none.</summary>
    public RateState? Budget(Caller caller) => Budget(caller.Id, caller.EvaluationsPerHour);

    private RateState? Budget(string id, long? most)
    {
        if (most is not { } limit)
        {
            return null;
        }

        var (used, left) = Find(id).Used(time, Hour);
        return new RateState("evaluations", limit, Math.Max(0, limit - used), left, Hour);
    }

    /// <summary>Refuses work whose caller has used the budget up. What is begun within it goes on to its end.</summary>
    /// <exception cref="CallerRefusedException">429.</exception>
    public void CheckBudget(Caller? caller)
    {
        if (caller is not null && Budget(caller) is { Remaining: 0 } used)
        {
            throw CallerRefusedException.TooMuch(
                FormattableString.Invariant($"This key has had its {used.Limit} evaluations of the hour."),
                used.Reset
            );
        }
    }

    private long? LimitOf(string id) =>
        auth.Keys.FirstOrDefault(key => key.Caller.Id == id) is { } known ? known.Caller.EvaluationsPerHour
        : auth.IsOn && Caller.IsToken(id) ? auth.EvaluationsPerHour
        : null;

    private Account Find(string id) => accounts.GetOrAdd(id, _ => new Account());

    /// <summary>An hour begins with the first request after the one before.</summary>
    private sealed class Account
    {
        private readonly Lock gate = new();
        private long? began;
        private long before;

        public WorkAccount Work { get; } = new();

        public (long Used, TimeSpan Left) Used(TimeProvider time, TimeSpan window)
        {
            lock (gate)
            {
                if (began is not { } start || time.GetElapsedTime(start) >= window)
                {
                    start = time.GetTimestamp();
                    (began, before) = (start, Work.Rows);
                }

                return (Work.Rows - before, window - time.GetElapsedTime(start));
            }
        }
    }
}

/// <summary>How far a caller is from a limit.</summary>
/// <param name="Name">What is counted.</param>
/// <param name="Limit">How many there may be in a window.</param>
/// <param name="Remaining">How many more now.</param>
/// <param name="Reset">When all of them are there again.</param>
/// <param name="Window">The window.</param>
internal sealed record RateState(string Name, long Limit, long Remaining, TimeSpan Reset, TimeSpan Window);
