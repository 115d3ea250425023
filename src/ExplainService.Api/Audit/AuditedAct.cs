using ExplainService.Api.Telemetry;
using ExplainService.Jobs;
using ExplainService.Protocol.Problems;

namespace ExplainService.Api.Audit;

/// <summary>Writes down what is done to models and jobs, once it is done or refused.</summary>
internal static class AuditedAct
{
    private const string Done = "done";

    /// <summary>Of a model: its name is the route's <c>id</c>.</summary>
    public static RouteHandlerBuilder AuditedModel(this RouteHandlerBuilder endpoint) => Audited(endpoint, isJob: false);

    /// <summary>Of jobs: their names are the routes' <c>id</c>.</summary>
    public static RouteGroupBuilder AuditedJobs(this RouteGroupBuilder endpoints) => Audited(endpoints, isJob: true);

    private static T Audited<T>(T endpoint, bool isJob)
        where T : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter(
            async (invocation, next) =>
            {
                var context = invocation.HttpContext;
                var started = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
                object? answer;
                try
                {
                    answer = await next(invocation).ConfigureAwait(false);
                }
                catch (Exception failure)
                {
                    // Whoever left before the answer may have had it done all the same.
                    var outcome = KnownFields.OutcomeOf(failure, context.RequestAborted);
                    Write(outcome, isThere: failure is OthersJobException or not RefusedRequestException { Status: 404 });
                    throw;
                }

                // What cannot be written down is no refusal, to be written down in turn.
                Write(Done);
                return answer;

                void Write(string outcome, bool isThere = true)
                {
                    var (facts, id) = (RequestFacts.Of(context), context.GetRouteValue("id") as string);
                    var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
                    context
                        .RequestServices.GetRequiredService<AuditTrail>()
                        .Managed(
                            new AuditSource(facts.Caller?.Id, facts.TraceId, $"{context.Request.Method} {route}", started),
                            isJob ? null : id,
                            isJob && isThere && IsJobId(id) ? id : null,
                            outcome
                        );
                }
            }
        );

    /// <summary>Whether an id could be one that the service gave: what else stands in a path is whatever a client likes, and may be a text.</summary>
    private static bool IsJobId(string? id) => id is { Length: 32 } && id.All(char.IsAsciiHexDigitLower);
}
