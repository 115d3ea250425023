using System.Text.Json;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Json;
using ExplainService.Rendering;
using ExplainService.Runtime;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Pipeline;

/// <summary>Serves every explanation endpoint: body → request → explanation → the wanted form, or a stream of them.</summary>
internal sealed class ExplanationPipeline(
    ExplanationRunner runner,
    ExplanationStream stream,
    Negotiation negotiation,
    IOptions<ServerLimits> limits
)
{
    /// <summary>Answers a request.</summary>
    /// <param name="requestType">What the body is read as.</param>
    /// <param name="context">The request.</param>
    public Task ServeAsync(Type requestType, HttpContext context) =>
        RequestBody.Kind(context.Request) == BodyKind.JsonLines
            ? stream.ServeAsync(requestType, context)
            : ServeOneAsync(requestType, context);

    private async Task ServeOneAsync(Type requestType, HttpContext context)
    {
        var clientLeft = context.RequestAborted;
        var picture = negotiation.Choose(context.Request);
        var body = await RequestBody.ReadAsync(context.Request, limits.Value.MaxBodyBytes, clientLeft).ConfigureAwait(false);
        var request = StrictJson.Read(requestType, body);
        var explanation = await runner
            .RunAsync(request, WorkPriority.Interactive, RequestFacts.Of(context), clientLeft)
            .ConfigureAwait(false);

        context.Response.Headers.Vary = "Accept";
        if (picture is not null)
        {
            await PictureResponse.WriteAsync(context, picture, Subject.Of((TextRequest)request, explanation)).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer
            .SerializeAsync(context.Response.BodyWriter, explanation, explanation.GetType(), ServiceJson.Options, clientLeft)
            .ConfigureAwait(false);
    }
}
