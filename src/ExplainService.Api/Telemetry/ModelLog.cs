using System.Collections.Concurrent;
using ExplainService.Runtime;

namespace ExplainService.Api.Telemetry;

/// <summary>Logs what becomes of the models.</summary>
internal sealed class ModelLog(ILogger<ModelLog> log) : IModelObserver
{
    private readonly ConcurrentDictionary<string, string> failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Model, Type Type, string? Stack), bool> faults = [];

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

    /// <inheritdoc/>
    /// <remarks>Once for each fault, by type and place: every request that meets it would tell it anew.</remarks>
    public void Faulted(string model, Exception fault)
    {
        if (faults.TryAdd((model, fault.GetType(), Innermost(fault).StackTrace), true))
        {
            log.FaultOfModel(model);
            log.UnhandledException(fault);
        }
    }

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
