using ExplainService.Api.Telemetry;
using ExplainService.Protocol.Problems;

namespace ExplainService.Api.Audit;

/// <summary>Writes down what is done to models and jobs, once it is done or refused.</summary>
internal static class AuditedAct
{
    private const string Done = "done";

    /// <summary>Of a model: its name is the route's <c>id</c>.</summary>
    public static RouteHandlerBuilder AuditedModel(this RouteHandlerBuilder endpoint) => Audited(endpoint, isJob: false);

    /// <summary>Of a job: its name is the route's <c>id</c>.</summary>
    public static RouteHandlerBuilder AuditedJob(this RouteHandlerBuilder endpoint) => Audited(endpoint, isJob: true);

    private static RouteHandlerBuilder Audited(RouteHandlerBuilder endpoint, bool isJob) =>
        endpoint.AddEndpointFilter(
            async (invocation, next) =>
            {
                var context = invocation.HttpContext;
                var started = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
                try
                {
                    var answer = await next(invocation).ConfigureAwait(false);
                    Write(Done);
                    return answer;
                }
                catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested)
                {
                    Write(KnownFields.KindOf(ProblemMapper.From(failure)), isThere: failure is not RefusedRequestException { Status: 404 });
                    throw;
                }

                void Write(string outcome, bool isThere = true)
                {
                    var (facts, id) = (RequestFacts.Of(context), context.GetRouteValue("id") as string);
                    var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
                    context
                        .RequestServices.GetRequiredService<AuditTrail>()
                        .Managed(
                            new AuditSource(facts.Caller?.Id, facts.TraceId, $"{context.Request.Method} {route}", started),
                            isJob ? null : id,
                            isJob && isThere ? id : null,
                            outcome
                        );
                }
            }
        );
}
