using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Protocol.Problems;

/// <summary>What a request is answered that one of its clocks has stopped.</summary>
public static class StoppedRequests
{
    /// <summary>Runs work until it is done or stopped.</summary>
    /// <param name="clock">What may stop it.</param>
    /// <param name="work">Ends when it is told to.</param>
    /// <exception cref="ServiceBusyException">503: the service shuts down and has waited for it as long as it may.</exception>
    /// <exception cref="RefusedRequestException">504: the server's limit has passed.</exception>
    public static async Task<T> UntilStoppedAsync<T>(this RequestClock clock, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
            when (!clock.ClientLeft.IsCancellationRequested
                && (clock.DrainExpired.IsCancellationRequested || clock.LimitPassed.IsCancellationRequested)
            )
        {
            // The clocks themselves are asked: work on a clock derived from this one may unwind before this one's linked token is set.
            throw clock.DrainExpired.IsCancellationRequested ? ServiceBusyException.ShuttingDown() : LimitPassed(clock);
        }
    }

    private static RefusedRequestException LimitPassed(RequestClock clock) =>
        new(504, FormattableString.Invariant($"The server's limit of {clock.Limit?.TotalSeconds} s for one request has passed."));
}
