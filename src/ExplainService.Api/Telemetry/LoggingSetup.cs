using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace ExplainService.Api.Telemetry;

/// <summary>Compact JSON on standard output, one event a line.</summary>
internal static class LoggingSetup
{
    /// <summary>Replaces the host's logging; section <c>Serilog</c> may override levels.</summary>
    public static void AddStructuredLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSerilog((_, configuration) => configuration
            .MinimumLevel.Information()
            // The framework's own lines repeat ours, and some quote what a client sent.
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("Microsoft.AspNetCore.Diagnostics", LogEventLevel.Fatal)
            .MinimumLevel.Override("Microsoft.AspNetCore.Server.Kestrel", LogEventLevel.Fatal)
            .Enrich.FromLogContext()
            .ReadFrom.Configuration(builder.Configuration)
            .WriteTo.Console(new RenderedCompactJsonFormatter()));
    }
}
