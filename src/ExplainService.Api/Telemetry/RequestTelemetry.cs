namespace ExplainService.Api.Telemetry;

/// <summary>One log line and one set of measurements for every request. Probes and scrapes are measured, not logged.</summary>
internal sealed class RequestTelemetry(RequestDelegate next, ServiceMetrics metrics, TimeProvider time, ILogger<RequestTelemetry> log)
{
    /// <summary>A method too may be anything a client likes.</summary>
    private static readonly string[] Verbs = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Delete];

    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var facts = RequestFacts.Of(context);
        metrics.Started();
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            var elapsed = time.GetElapsedTime(started);
            // The pattern of the route, not the path: a path may be anything a client likes.
            var route = Route(context);
            var verb = Verb(context.Request.Method);
            var status = context.Response.StatusCode;
            metrics.Ended(route, verb, status, elapsed, facts);
            if (status >= 400 || context.GetEndpoint()?.Metadata.GetMetadata<NoRequestLogAttribute>() is null)
            {
                log.Request(
                    verb,
                    route,
                    status,
                    elapsed.TotalMilliseconds,
                    facts.Model,
                    facts.Method,
                    facts.Meter.Rows,
                    facts.Meter.Batches,
                    facts.Meter.Tokens,
                    facts.Lines,
                    facts.FailedLines
                );
            }
        }
    }

    private static string Route(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { Length: > 0 } pattern } ? "/" + pattern.TrimStart('/') : "(none)";

    private static string Verb(string method) => Array.Find(Verbs, verb => HttpMethods.Equals(verb, method)) ?? "(other)";
}
