using System.Collections.Concurrent;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Api.Limits;

/// <summary>
/// Whether the service takes requests: not before the models that it was told to have ready are, not with a directory that cannot be
/// meant, not once it drains.
/// </summary>
internal sealed class Readiness : IDisposable
{
    private const string OfModels = "Models that are counted on cannot be served; GET /models and the log say why.";

    private readonly CancellationTokenSource drainExpired = new();
    private readonly ConcurrentDictionary<string, string> failures = new();
    private readonly TaskCompletionSource<IReadOnlyList<string>> preloaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<string>? tried;
    private int running;

    /// <summary>The process was told to stop.</summary>
    public bool Draining { get; set; }

    /// <summary>Requests that are being answered.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>What runs has had its <c>Limits:DrainSeconds</c>.</summary>
    public CancellationToken DrainExpired => drainExpired.Token;

    /// <summary>A request began.</summary>
    public void Enter() => Interlocked.Increment(ref running);

    /// <summary>A request ended.</summary>
    public void Leave() => Interlocked.Decrement(ref running);

    /// <summary>Loading was tried for each of the models to preload.</summary>
    public void Preloaded(IReadOnlyList<string> names)
    {
        Volatile.Write(ref tried, names);
        preloaded.TrySetResult(names);
    }

    /// <summary>The models to preload, once loading was tried for each.</summary>
    public Task<IReadOnlyList<string>> WhenPreloaded => preloaded.Task;

    /// <summary>A model to preload did not load.</summary>
    public void Failed(string name, string reason) => failures[name] = reason;

    /// <summary>A model to preload that had failed has loaded after all.</summary>
    public void Recovered(string name) => failures.TryRemove(name, out _);

    /// <summary>Refuses where the service takes no requests now.</summary>
    /// <param name="models">The models.</param>
    /// <param name="hasKeys">Whether there are keys: whoever asks without one is told of no model.</param>
    /// <exception cref="RefusedRequestException">503, with the reason.</exception>
    public void Check(IModelRegistry models, bool hasKeys)
    {
        if (Refusal(models) is { } refusal)
        {
            throw new RefusedRequestException(503, hasKeys ? OwnRefusal() ?? OfModels : refusal);
        }
    }

    /// <summary>
    /// Why the service takes no requests now; null where it does. Looks at the models anew, so that what was repaired counts.
    /// </summary>
    public string? Refusal(IModelRegistry models) =>
        // A wrong volume must not pass for a service that happens to have no models; a broken folder that nobody counts on may.
        OwnRefusal()
        ?? models.Error
        ?? (Volatile.Read(ref tried) ?? [])
            .Append(models.Default)
            .OfType<string>()
            .Select(name => Refusal(models, name))
            .FirstOrDefault(refusal => refusal is not null);

    /// <summary>Ends what still runs: each request is answered 503.</summary>
    public Task EndAsync() => drainExpired.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => drainExpired.Dispose();

    /// <summary>A reason that has nothing to do with any one model.</summary>
    private string? OwnRefusal() =>
        Draining ? ServiceBusyException.ShuttingDown().Message
        : Volatile.Read(ref tried) is null ? "Models are being loaded."
        : null;

    private string? Refusal(IModelRegistry models, string name)
    {
        try
        {
            var entry = models.Find(name);
            var reason = entry.State == ModelState.Loaded ? null : entry.Error ?? failures.GetValueOrDefault(name);
            return reason is null ? null : $"Model '{name}' cannot be served: {reason}";
        }
        catch (ModelNotFoundException missing)
        {
            return missing.Message;
        }
    }
}
