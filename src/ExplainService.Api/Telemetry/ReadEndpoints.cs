namespace ExplainService.Api.Telemetry;

/// <summary>Endpoints that only read.</summary>
internal static class ReadEndpoints
{
    private static readonly string[] Head = [HttpMethods.Head];

    /// <summary>Maps GET, and HEAD as RFC 9110 (9.1) wants it wherever there is GET: probes ask so. The document lists GET.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, Delegate handler)
    {
        routes.MapMethods(pattern, Head, handler).ExcludeFromDescription().WithMetadata(new NoRequestLogAttribute());
        return routes.MapGet(pattern, handler);
    }
}
