using ExplainService.Api.Telemetry;
using ExplainService.Runtime;
using Microsoft.Extensions.Options;
using Serilog;

namespace ExplainService.Api.Hosting;

/// <summary>
/// What kept the service from starting. A wrong setting is its operator's to mend: it is named in one line. Anything else is a fault of
/// the service and comes with its trace.
/// </summary>
internal static class StartFailure
{
    private static readonly string[] Framework = ["Microsoft.", "Serilog."];

    /// <summary>Logs it.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception exception)
    {
        using var log = new LoggerConfiguration().WriteTo.CompactJson().CreateLogger();
        if (Reason(exception) is { } reason)
        {
            log.Fatal("The service cannot start: {Reason}", reason);
        }
        else
        {
            log.Fatal(exception, "The service cannot start");
        }

        return 1;
    }

    /// <summary>What is wrong, in words for the operator; null for a fault of the service.</summary>
    private static string? Reason(Exception exception) =>
        exception switch
        {
            ProviderNotAvailableException unavailable => unavailable.Message,
            OptionsValidationException invalid => string.Join("; ", invalid.Failures),
            AggregateException { InnerExceptions: var several } when several.All(one => Reason(one) is not null) => string.Join(
                "; ",
                several.Select(Reason)
            ),
            // Host, configuration and Kestrel refuse what they were given in words that name it: a key, a URL, an address, a file.
            { Source: { } source } when Framework.Any(name => source.StartsWith(name, StringComparison.Ordinal)) => exception.Message,
            System.Net.Sockets.SocketException =>
                $"it cannot listen where {string.Join(", ", ListeningAddresses.Keys)} say: {exception.Message}",
            _ => null,
        };
}
