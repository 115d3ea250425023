using System.Globalization;
using System.Text;
using System.Text.Json;
using ExplainService.Api.Telemetry;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Problems;
using Microsoft.AspNetCore.Connections;

namespace ExplainService.Api.Pipeline;

/// <summary>Turns exceptions, and statuses without a body (unknown route, wrong method), into problems.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                await WriteAsync(context, ProblemMapper.Create(context.Response.StatusCode, Explain(context))).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
            when (exception is ConnectionResetException or ConnectionAbortedException
                || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
            )
        {
            // Nobody reads it; the status is for the log.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            LogUnhandledException(exception);
            context.Response.Clear();
            await WriteAsync(context, ProblemOf(exception)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Part of an answer is on its way: the client must see that the rest is missing. That its requests broke off is no fault of ours.
            if (exception is not IOException)
            {
                LogUnhandledException(exception);
            }

            context.Abort();
        }
    }

    /// <summary>Writes a problem as the whole answer.</summary>
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        RequestFacts.Of(context).Refused(problem);
        var response = context.Response;
        var form = context.GetEndpoint()?.Metadata.GetMetadata<ProblemForm>();
        response.StatusCode = form is null ? problem.Status : ProblemForm.StatusOf(problem);
        response.ContentType = form is null ? Problem.MediaType : "application/json";
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        problem = problem with { TraceId = problem.TraceId ?? RequestTelemetry.TraceOf(context) };
        var body = form is null
            ? JsonSerializer.SerializeToUtf8Bytes(problem, ServiceJson.Options)
            : Encoding.UTF8.GetBytes(form.Of(problem).ToJsonString(ServiceJson.Options));
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private static string Explain(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "No endpoint answers at this path; /openapi/v1.json lists them.",
            StatusCodes.Status405MethodNotAllowed => $"This path answers {context.Response.Headers.Allow}.",
            var status => FormattableString.Invariant($"The request ended with status {status}."),
        };

    private void LogUnhandledException(Exception exception)
    {
        if (exception is not BadHttpRequestException && !ProblemMapper.IsExpected(exception))
        {
            log.UnhandledException(exception);
        }
    }

    private static Problem ProblemOf(Exception exception) =>
        exception is BadHttpRequestException bad
            ? ProblemMapper.Create(
                bad.StatusCode,
                bad.StatusCode == StatusCodes.Status408RequestTimeout
                    ? "The request came too slowly."
                    : "The HTTP request is malformed or was cut off."
            )
            : ProblemMapper.From(exception);
}
