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
    /// <typeparam name="TRequest">What the body is read as.</typeparam>
    public Task ServeAsync<TRequest>(HttpContext context)
        where TRequest : ExplainRequest =>
        RequestBody.Kind(context.Request) == BodyKind.JsonLines ? stream.ServeAsync<TRequest>(context) : ServeOneAsync<TRequest>(context);

    private async Task ServeOneAsync<TRequest>(HttpContext context)
        where TRequest : ExplainRequest
    {
        var clientLeft = context.RequestAborted;
        var picture = negotiation.Choose(context.Request);
        var body = await RequestBody.ReadAsync(context.Request, limits.Value.MaxBodyBytes, clientLeft).ConfigureAwait(false);
        var request = StrictJson.Read<TRequest>(body);
        var explanation = await runner
            .RunAsync(request, WorkPriority.Interactive, RequestFacts.Of(context), clientLeft)
            .ConfigureAwait(false);

        context.Response.Headers.Vary = "Accept";
        if (picture is not null)
        {
            await PictureResponse.WriteAsync(context, picture, Subject.Of(request, explanation)).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer
            .SerializeAsync(context.Response.BodyWriter, explanation, ServiceJson.Options, clientLeft)
            .ConfigureAwait(false);
    }
}
