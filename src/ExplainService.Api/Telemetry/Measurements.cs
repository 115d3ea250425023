using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace ExplainService.Api.Telemetry;

/// <summary>Which instruments are read, under which names, and how a scraper gets them.</summary>
internal static class Measurements
{
    private const string Count = ".count";

    /// <summary>Keeps what all instruments of the service and of .NET say.</summary>
    public static void AddMeasurements(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureOpenTelemetryMeterProvider(
            (services, metrics) =>
            {
                var own = services.GetRequiredService<IMeterFactory>();
                metrics.AddView(instrument =>
                    instrument.Meter.Scope is { } host && host != own ? MetricStreamConfiguration.Drop : NameOf(instrument)
                );
            }
        );
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(ServiceMetrics.MeterPrefix + ".*", ServiceMetrics.RuntimeMeter)
                    .AddPrometheusExporter(format =>
                    {
                        // What the meters are called is no matter of a dashboard's.
                        format.ScopeInfoEnabled = false;
                        format.TargetInfoEnabled = false;
                        // A scraper comes every few seconds; whoever asks by hand wants what is.
                        format.ScrapeResponseCacheDurationMilliseconds = 0;
                    })
            );
    }

    /// <summary>What answers a scraper.</summary>
    public static RequestDelegate Scrape(IEndpointRouteBuilder routes) =>
        routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true).Build();

    /// <summary>What ends in a count, as some of .NET's gauges do, Prometheus would take for a part of a histogram.</summary>
    private static MetricStreamConfiguration? NameOf(Instrument instrument) =>
        instrument is not (ObservableCounter<long> or Counter<long>) && instrument.Name.EndsWith(Count, StringComparison.Ordinal)
            ? new MetricStreamConfiguration { Name = instrument.Name[..^Count.Length] + ".number" }
            : null;
}
