using System.Diagnostics;

namespace ExplainService.Api.Telemetry;

/// <summary>One log line and one set of measurements for every request. Probes and scrapes are measured, not logged.</summary>
internal sealed class RequestTelemetry(RequestDelegate next, ServiceMetrics metrics, TimeProvider time, ILogger<RequestTelemetry> log)
{
    /// <summary>The header of every answer that finds its request in the log.</summary>
    public const string TraceHeader = "X-Trace-Id";

    /// <summary>A method too may be anything a client likes.</summary>
    private static readonly string[] Verbs = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete];

    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var facts = RequestFacts.Of(context);
        if (facts.IsRehearsal)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        metrics.Started();
        var trace = TraceOf(context);
        facts.TraceId = trace;
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[TraceHeader] = trace;
            return Task.CompletedTask;
        });
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
                var level = LevelOf(status);
                log.Request(
                    level,
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
                    facts.FailedLines,
                    facts.FailedNumbers,
                    facts.Problem,
                    facts.Fields
                );
            }
        }
    }

    /// <summary>What finds a request in the log.</summary>
    public static string TraceOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    /// <summary>A fault of the service is an error; that it has no room now is for its operator to know; the rest is its clients' matter.</summary>
    private static LogLevel LevelOf(int status) =>
        status switch
        {
            429 or 503 or 504 => LogLevel.Warning,
            >= 500 => LogLevel.Error,
            _ => LogLevel.Information,
        };

    private static string Route(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<StaticFileAttribute>() is not null
        || context.Request.Path.StartsWithSegments("/swagger")
            ? "(static)"
        : context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { Length: > 0 } pattern } ? "/" + pattern.TrimStart('/')
        : "(none)";

    private static string Verb(string method) => Array.Find(Verbs, verb => HttpMethods.Equals(verb, method)) ?? "(other)";
}
