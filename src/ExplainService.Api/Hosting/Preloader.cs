using ExplainService.Api.Telemetry;
using ExplainService.Runtime.Models;

namespace ExplainService.Api.Hosting;

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
        var names = Names();
        foreach (var name in names)
        {
            await LoadAsync(name, stoppingToken).ConfigureAwait(false);
        }

        readiness.Preloaded(names);
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
                return;
            }

            Failed(entry.Name, entry.Error ?? "it did not load");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A broken folder never stops the service.
            Failed(name, exception.Message);
        }
    }

    private void Failed(string name, string reason)
    {
        log.NotPreloaded(name, reason);
        readiness.Failed(name, reason);
    }

    private string[] Names()
    {
        const string Key = ModelOptions.Section + ":" + Setting;
        return configuration.GetSection(Key).Exists() ? configuration.List(Key) : models.Default is { } name ? [name] : [];
    }
}
