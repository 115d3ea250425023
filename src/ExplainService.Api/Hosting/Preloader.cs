using ExplainService.Api.Limits;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;

namespace ExplainService.Api.Hosting;

/// <summary>
/// Loads <c>Models:Preload</c>, or the default model, while the service already answers; what fails is tried again until it loads, so that
/// a service whose folder was repaired becomes ready by itself.
/// </summary>
internal sealed class Preloader(
    IModelRegistry models,
    IConfiguration configuration,
    Readiness readiness,
    TimeProvider time,
    IModelObserver observer
) : BackgroundService
{
    /// <summary>The setting, of section <c>Models</c>.</summary>
    public const string Setting = "Preload";

    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leaves the host free to open its port first.
        await Task.Yield();
        var names = Names();
        var missing = await LoadAsync(names, stoppingToken).ConfigureAwait(false);
        readiness.Preloaded(names);

        using var timer = new PeriodicTimer(RetryEvery, time);
        while (missing.Count > 0 && await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            missing = await LoadAsync(missing, stoppingToken).ConfigureAwait(false);
        }
    }

    /// <summary>Loads models one after the other; returns those that did not load.</summary>
    private async Task<IReadOnlyList<string>> LoadAsync(IReadOnlyList<string> names, CancellationToken stoppingToken)
    {
        List<string> missing = [];
        foreach (var name in names)
        {
            if (!await LoadAsync(name, stoppingToken).ConfigureAwait(false))
            {
                missing.Add(name);
            }
        }

        return missing;
    }

    private async Task<bool> LoadAsync(string name, CancellationToken stoppingToken)
    {
        try
        {
            // As a request does: what has failed is tried again only if its folder has changed, or if it may pass.
            await models.GetAsync(name, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // A broken folder never stops the service. The registry says what fails to load; of a folder that is not there it knows nothing.
            readiness.Failed(name, exception.Message);
            if (exception is ModelNotFoundException)
            {
                observer.Failed(name, exception.Message);
            }

            return false;
        }

        readiness.Recovered(name);
        return true;
    }

    private string[] Names()
    {
        const string Key = ModelOptions.Section + ":" + Setting;
        return configuration.GetSection(Key).Exists() ? configuration.List(Key)
            : models.Default is { } name ? [name]
            : [];
    }
}
