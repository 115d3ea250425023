using System.Collections.Concurrent;

namespace ExplainService.Runtime.Execution;

/// <summary>
/// Things that are expensive to make and are made once, on first use; concurrent callers share the work. A failure is not kept, unless it
/// is the model's, which would fail again; that something was not ready in time is not.
/// </summary>
internal sealed class OnceAsync<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> made = [];

    /// <summary>What has been made so far.</summary>
    public IEnumerable<Task<TValue>> Made => made.Values.Where(value => value.IsValueCreated).Select(value => value.Value);

    public async Task<TValue> GetAsync(TKey key, Func<Task<TValue>> make)
    {
        // Making takes from tens of milliseconds to seconds of computation, or has no end: neither on the caller's thread nor on one of the
        // pool, which answers requests.
        var lazy = made.GetOrAdd(key, _ => new Lazy<Task<TValue>>(() => OwnThread.RunAsync(make)));
        try
        {
            return await lazy.Value.ConfigureAwait(false);
        }
        catch (Exception error) when (error is not NotSupportedByModelException { IsLate: false, IsSlow: false })
        {
            made.TryRemove(KeyValuePair.Create(key, lazy));
            throw;
        }
    }
}
