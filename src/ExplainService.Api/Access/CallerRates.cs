using System.Threading.RateLimiting;
using ExplainService.Protocol.Problems;

namespace ExplainService.Api.Access;

/// <summary>Requests a minute, by the framework's token buckets, one a caller: so many at once, and then one whenever its time has come.</summary>
internal sealed class CallerRates : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<Caller> limiter = PartitionedRateLimiter.Create<Caller, string>(caller =>
        caller.RequestsPerMinute is { } limit
            ? RateLimitPartition.GetTokenBucketLimiter(
                caller.Id,
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = limit,
                    TokensPerPeriod = 1,
                    ReplenishmentPeriod = Minute / limit,
                    QueueLimit = 0,
                }
            )
            : RateLimitPartition.GetNoLimiter(caller.Id)
    );

    /// <summary>Counts a request.</summary>
    /// <exception cref="CallerRefusedException">429: there were too many.</exception>
    public void Count(Caller caller)
    {
        using var lease = limiter.AttemptAcquire(caller);
        if (!lease.IsAcquired)
        {
            throw CallerRefusedException.TooMuch(
                FormattableString.Invariant($"This key may send {caller.RequestsPerMinute} requests a minute."),
                lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Minute
            );
        }
    }

    /// <summary>How far the rate is used; null: the caller has none.</summary>
    public RateState? State(Caller caller)
    {
        if (caller.RequestsPerMinute is not { } limit || limiter.GetStatistics(caller) is not { } now)
        {
            return null;
        }

        return new RateState(
            "requests",
            limit,
            now.CurrentAvailablePermits,
            Minute / limit * (limit - now.CurrentAvailablePermits),
            Minute
        );
    }

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();
}
