using ExplainService.Api.Hosting;
using ExplainService.Api.Json;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;

namespace ExplainService.Api.Endpoints;

/// <summary>The answer of the health endpoints when all is well.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record HealthAnswer(string Status);

/// <summary>What orchestrators and monitoring ask.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Json(new HealthAnswer("live"), ServiceJson.Options))
            .WithName("live").WithTags("operation").WithSummary("The process answers").WithMetadata(new QuietAttribute())
            .Produces<HealthAnswer>();
        routes.MapGet("/health/ready", Ready)
            .WithName("ready").WithTags("operation").WithSummary("The models to preload are loaded and the service is not shutting down")
            .WithMetadata(new QuietAttribute())
            .Produces<HealthAnswer>();
        routes.MapGet("/metrics", (PrometheusExporter exporter) => Results.Text(exporter.Write(), PrometheusExporter.ContentType))
            .WithName("metrics").WithTags("operation").WithSummary("Measurements in Prometheus' text format").WithMetadata(new QuietAttribute())
            .Produces<string>(contentType: "text/plain");
    }

    private static IResult Ready(Readiness readiness)
    {
        if (readiness is { Draining: false, Preloaded: true })
        {
            return Results.Json(new HealthAnswer("ready"), ServiceJson.Options);
        }

        throw new RefusedRequestException(503, readiness.Draining ? "the service is shutting down" : "models are being loaded");
    }
}
