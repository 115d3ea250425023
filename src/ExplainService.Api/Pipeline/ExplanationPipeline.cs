using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Privacy;
using ExplainService.Rendering;
using ExplainService.Rendering.Drawing;
using ExplainService.Runtime;

namespace ExplainService.Api.Pipeline;

/// <summary>Serves every explanation endpoint: body → request → explanation → the wanted form, or a stream of them.</summary>
internal sealed class ExplanationPipeline(
    ExplanationRunner runner,
    ExplanationStream stream,
    ProgressStream progress,
    Negotiation negotiation,
    Readiness readiness,
    WorkMemory memory,
    Redaction redaction,
    TimeProvider time,
    BodyLimit limit
)
{
    /// <summary>Answers a request.</summary>
    /// <param name="requestType">What the body is read as.</param>
    /// <param name="context">The request.</param>
    public async Task ServeAsync(Type requestType, HttpContext context)
    {
        using var clock = new RequestClock(context.RequestAborted, readiness.DrainExpired);
        var isForm = FormReading.IsForm(context.Request);
        await (
            !isForm && RequestBody.Kind(context.Request) == BodyKind.JsonLines
                ? stream.ServeAsync(requestType, context, clock)
                : ServeOneAsync(requestType, isForm, context, clock)
        ).ConfigureAwait(false);
    }

    private async Task ServeOneAsync(Type requestType, bool isForm, HttpContext context, RequestClock clock)
    {
        // Of many texts alone there is something to tell before the answer.
        var tells = requestType == typeof(CompareRequest) && Negotiation.WantsLines(context.Request);
        var picture = tells ? null : negotiation.Choose(context.Request);
        using var share = memory.Open(RequestFacts.Of(context).Account);
        var body = await RequestBody.ReadAsync(context.Request, limit.Most, share, clock.ClientLeft).ConfigureAwait(false);
        await share.TakeAsync(WorkBytes.Of(body.Length), clock.ClientLeft).ConfigureAwait(false);
        if (isForm)
        {
            body = await FormBody.ToJsonAsync(context.Request, body, clock.ClientLeft).ConfigureAwait(false);
        }

        limit.CheckUnread(body.Span);
        var request = StrictJson.Read(requestType, redaction.Masked(body));
        limit.Check(body.Length, (request as TextRequest)?.Image?.Length ?? 0);
        if (picture is not null)
        {
            PictureBounds.Check((TextRequest)request);
        }

        if (tells)
        {
            await progress.ServeAsync(request, context, share, clock).ConfigureAwait(false);
            return;
        }

        // One that is no time to wait is refused with the other fields, below.
        using var timed = clock.WithDeadline(time, request.DeadlineMs is > 0 ? request.DeadlineMs : null);
        var explanation = await runner
            .RunAsync(request, WorkPriority.Interactive, RequestFacts.Of(context), share, clock)
            .ConfigureAwait(false);

        context.Response.Headers.Vary = "Accept";
        if (picture is not null)
        {
            var subject = Subject.Of((TextRequest)request, explanation);
            await PictureResponse.WriteAsync(context, picture, subject, share, time, timed).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        await ServiceJson.WriteAsync(context.Response.BodyWriter, explanation, clock.ClientLeft).ConfigureAwait(false);
    }
}
