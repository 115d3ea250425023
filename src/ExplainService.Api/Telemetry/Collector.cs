using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ExplainService.Api.Telemetry;

/// <summary>
/// Traces, metrics and logs to a collector, by OTLP and where one is named. How they get there is said by OpenTelemetry's own variables
/// (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_TRACES_SAMPLER</c>, …), which its SDK reads.
/// </summary>
internal static class Collector
{
    /// <summary>Where it is; without it nothing is traced and nothing is sent.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>What the names of all sources of traces begin with.</summary>
    private const string Sources = "ExplainService.*";

    /// <summary>Whether there is one.</summary>
    /// <exception cref="OptionsValidationException">It is named by something that is no address.</exception>
    public static bool IsNamed(IConfiguration configuration)
    {
        var value = configuration[Endpoint];
        if (string.IsNullOrWhiteSpace(value))
        {
            return false;
        }

        return Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? true
            : throw new OptionsValidationException(
                Endpoint,
                typeof(Collector),
                [$"{Endpoint} is no http:// or https:// address of a collector, such as http://localhost:4317"]
            );
    }

    /// <summary>Sends what there is to be sent.</summary>
    public static void AddCollector(this WebApplicationBuilder builder)
    {
        if (!IsNamed(builder.Configuration))
        {
            return;
        }

        builder
            .Services.AddOpenTelemetry()
            // The variables last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES hold.
            .ConfigureResource(resource =>
                resource
                    .Clear()
                    .AddService("explain-service", serviceVersion: ServiceVersion.Number)
                    .AddTelemetrySdk()
                    .AddEnvironmentVariableDetector()
            )
            .WithTracing(traces =>
                traces
                    .AddSource(Sources)
                    .AddAspNetCoreInstrumentation(requests => requests.Filter = IsWorthATrace)
                    .AddProcessor(new ServerSpanTags())
            )
            .WithLogging(configureBuilder: null, configureOptions: logs => logs.IncludeFormattedMessage = true)
            .UseOtlpExporter();
    }

    /// <summary>Probes and scrapes come every few seconds and say nothing that a measurement does not.</summary>
    private static bool IsWorthATrace(HttpContext context)
    {
        var path = context.Request.Path.StartsWithSegments("/v1", out var rest) ? rest : context.Request.Path;
        return !Probes.Are(path) && !path.StartsWithSegments("/ping");
    }
}
