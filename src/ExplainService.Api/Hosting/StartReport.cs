using ExplainService.Api.Access;
using ExplainService.Api.Telemetry;
using ExplainService.Runtime;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Hosting;

/// <summary>Says at start what is served from where, and which settings nothing reads.</summary>
internal sealed class StartReport(IModelRegistry models, AuthOptions auth, IConfiguration configuration, ILogger<StartReport> log)
    : IHostedService
{
    /// <inheritdoc/>
    /// <exception cref="OptionsValidationException">Others could ask, and nobody would know who: <c>Auth:Required</c>.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        SayWhoMayAsk();
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

    private void SayWhoMayAsk()
    {
        if (auth.IsOn || ListeningAddresses.BeyondThisMachine(configuration) is not { Count: > 0 } open)
        {
            return;
        }

        var addresses = string.Join(", ", open);
        if (auth.Required)
        {
            throw new OptionsValidationException(
                AuthOptions.Section,
                typeof(AuthOptions),
                [
                    $"{AuthOptions.Section}:{nameof(AuthOptions.Required)} is true, and there is neither {AuthOptions.Section}:Keys nor "
                        + $"{AuthOptions.Section}:Authority, while it would listen at {addresses}",
                ]
            );
        }

        log.OpenToOthers(addresses);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
