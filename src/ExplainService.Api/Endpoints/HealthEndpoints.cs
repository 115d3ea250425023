using ExplainService.Api.Access;
using ExplainService.Api.Contracts;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Runtime;

namespace ExplainService.Api.Endpoints;

/// <summary>What orchestrators and monitoring ask.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("").WithMetadata(new OpenToAll());
        health
            .MapRead("/health/live", () => Results.Json(new LiveAnswer("live", ServiceVersion.Number), ApiJson.Options))
            .WithName("live")
            .WithTags("operation")
            .WithSummary("The process answers")
            .WithMetadata(new NoRequestLogAttribute())
            .Produces<LiveAnswer>();
        health
            .MapRead("/health/ready", Ready)
            .WithName("ready")
            .WithTags("operation")
            .WithSummary("The models are there, those to preload and the default can be served, and the service is not shutting down")
            .WithMetadata(new NoRequestLogAttribute())
            .Produces<HealthAnswer>();
        routes
            .MapGroup("")
            .WithMetadata(new NeededScope(Scopes.Metrics))
            .MapRead("/metrics", Measurements.Scrape(routes))
            .WithName("metrics")
            .WithTags("operation")
            .WithSummary("Measurements in Prometheus' text format")
            .WithMetadata(new NoRequestLogAttribute())
            .Produces<string>(contentType: "text/plain");
    }

    private static IResult Ready(Readiness readiness, IModelRegistry models, AuthOptions auth)
    {
        readiness.Check(models, auth.IsOn);
        return Results.Json(new HealthAnswer("ready"), ApiJson.Options);
    }
}
