using ExplainService.Api.Telemetry;
using ExplainService.Runtime.Models;

namespace ExplainService.Api.Hosting;

/// <summary>Whether the service takes requests: not before its models are loaded, not once it drains.</summary>
internal sealed class Readiness
{
    private int running;

    /// <summary>The process was told to stop.</summary>
    public bool Draining { get; set; }

    /// <summary>The models to preload have been loaded, or found broken.</summary>
    public bool Preloaded { get; set; }

    /// <summary>Requests that are being answered.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>A request began.</summary>
    public void Enter() => Interlocked.Increment(ref running);

    /// <summary>A request ended.</summary>
    public void Leave() => Interlocked.Decrement(ref running);
}

/// <summary>Loads <c>Models:Preload</c>, or the default model, while the service already answers.</summary>
internal sealed class Preloader(
    IModelRegistry models, IConfiguration configuration, Readiness readiness, TimeProvider time, ILogger<Preloader> log) : BackgroundService
{
    /// <summary>The setting, of section <c>Models</c>.</summary>
    public const string Setting = "Preload";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leaves the host free to open its port first.
        await Task.Yield();
        foreach (var name in Names())
        {
            await LoadAsync(name, stoppingToken).ConfigureAwait(false);
        }

        readiness.Preloaded = true;
    }

    private async Task LoadAsync(string name, CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var entry = await models.LoadAsync(name, stoppingToken).ConfigureAwait(false);
            if (entry.State == ModelState.Loaded)
            {
                log.Preloaded(entry.Name, time.GetElapsedTime(started).TotalMilliseconds);
            }
            else
            {
                log.NotPreloaded(entry.Name, entry.Error ?? "it did not load");
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A broken folder never stops the service.
            log.NotPreloaded(name, exception.Message);
        }
    }

    private string[] Names()
    {
        const string Key = ModelOptions.Section + ":" + Setting;
        return configuration.GetSection(Key).Exists() ? configuration.List(Key) : models.Default is { } name ? [name] : [];
    }
}
