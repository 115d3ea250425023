using System.Collections.Concurrent;
using ExplainService.Runtime;

namespace ExplainService.Api.Telemetry;

/// <summary>Logs what becomes of the models.</summary>
internal sealed class ModelLog(ILogger<ModelLog> log) : IModelObserver
{
    private readonly ConcurrentDictionary<string, string> failures = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Loaded(string model, TimeSpan elapsed)
    {
        failures.TryRemove(model, out _);
        log.Loaded(model, elapsed.TotalMilliseconds);
    }

    /// <inheritdoc/>
    public void Unloaded(string model) => log.Unloaded(model);

    /// <inheritdoc/>
    /// <remarks>Once for each reason: what may pass is tried anew by every request, and by <c>Models:Preload</c> every two seconds.</remarks>
    public void Failed(string model, string reason)
    {
        if (failures.GetValueOrDefault(model) != reason)
        {
            failures[model] = reason;
            log.NotLoaded(model, reason);
        }
    }
}
