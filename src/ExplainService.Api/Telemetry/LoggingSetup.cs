using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace ExplainService.Api.Telemetry;

/// <summary>Compact JSON on standard output, one event a line.</summary>
internal static class LoggingSetup
{
    /// <summary>Replaces the host's logging; section <c>Serilog</c> may override levels.</summary>
    public static void AddStructuredLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        // Its own logger rather than the process's: several hosts in one process, as in tests, must not write to each other's.
        builder.Services.AddSerilog(
            preserveStaticLogger: true,
            // Every event goes on to the collector, if there is one, as it is written here.
            writeToProviders: Collector.IsNamed(builder.Configuration),
            configureLogger: (services, configuration) =>
                configuration
                    .MinimumLevel.Information()
                    // The framework's own lines repeat ours, and some quote what a client sent.
                    .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                    .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
                    .MinimumLevel.Override("Microsoft.AspNetCore.Diagnostics", LogEventLevel.Fatal)
                    // Names of tools and methods are whatever a client sends.
                    .MinimumLevel.Override("ModelContextProtocol", LevelAlias.Off)
                    // What keeps the host from starting is said by StartFailure, once.
                    .MinimumLevel.Override("Microsoft.AspNetCore.Server.Kestrel", LevelAlias.Off)
                    .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
                    .Enrich.With<NoPaths>()
                    .ReadFrom.Configuration(builder.Configuration)
                    .ReadFrom.Services(services)
                    .WriteTo.CompactJson()
        );
    }

    /// <summary>The form of every line.</summary>
    public static LoggerConfiguration CompactJson(this LoggerSinkConfiguration sinks) => sinks.Sink(new LogSink(LogLines.Standard));

    /// <summary>ASP.NET puts the path of the request on every event; a path may be anything a client likes, its text too.</summary>
    private sealed class NoPaths : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
        {
            logEvent.RemovePropertyIfPresent("RequestPath");
            logEvent.RemovePropertyIfPresent("ConnectionId");
        }
    }
}
