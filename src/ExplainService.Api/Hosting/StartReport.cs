using ExplainService.Api.Telemetry;
using ExplainService.Runtime;

namespace ExplainService.Api.Hosting;

/// <summary>Says at start what is served from where, and which settings nothing reads.</summary>
internal sealed class StartReport(IModelRegistry models, IConfiguration configuration, ILogger<StartReport> log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, known) in UnknownSettings.Find(configuration, models.Names))
        {
            log.UnknownSetting(key, known);
        }

        var directory = configuration[ModelsDirectory.Key] ?? "";
        if (models.Error is { } error)
        {
            log.NoModels(directory, error);
        }
        else
        {
            log.ModelsDirectory(directory, string.Join(", ", models.Names), models.Default);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
