using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Service;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Pipeline;

/// <summary>Results of a job in the form that <c>?format=</c>, else <c>Accept</c>, else the job itself asks for.</summary>
internal static class JobResults
{
    /// <summary>The media types of the forms; the first of each is how it is answered.</summary>
    private static readonly (OutputFormat Format, string[] Types)[] Forms =
    [
        (OutputFormat.Ndjson, ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json"]),
        (OutputFormat.Csv, ["text/csv"]),
        (OutputFormat.Parquet, ["application/vnd.apache.parquet", "application/x-parquet", "application/parquet"]),
    ];

    /// <summary>Every media type that results have.</summary>
    public static IEnumerable<string> Types => Forms.Select(form => form.Types[0]);

    /// <summary>Sends them.</summary>
    public static async Task WriteAsync(HttpContext context, JobService jobs, JobAnswer job, string? format, long after)
    {
        var chosen = Choose(context.Request, format, job.Output?.Format ?? OutputFormat.Ndjson);
        var type = Array.Find(Forms, form => form.Format == chosen).Types[0];
        var response = context.Response;
        response.ContentType = chosen == OutputFormat.Parquet ? type : type + "; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await jobs.WriteResultsAsync(job.Id, after, chosen, response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static OutputFormat Choose(HttpRequest request, string? format, OutputFormat otherwise)
    {
        if (format is not null)
        {
            return EnumNames.TryRead<OutputFormat>(format, out var named)
                ? named
                : throw InvalidRequestException.Malformed("format", "must be " + EnumNames.Choices<OutputFormat>());
        }

        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return otherwise;
        }

        var best = Forms
            .OrderByDescending(form => form.Format == otherwise)
            .Select(form => (form.Format, Quality: form.Types.Max(type => Negotiation.Quality(type, accepted))))
            .MaxBy(form => form.Quality);
        return best.Quality > 0 ? best.Format : throw new RefusedRequestException(406, $"Results are {string.Join(", ", Types)}.");
    }
}
