using System.Globalization;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Service;

namespace ExplainService.Api.Pipeline;

/// <summary>
/// A job as server-sent events: one for each change, with the whole job as its data, so that a client that was away has missed nothing
/// once it has the next.
/// </summary>
internal static class JobEvents
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>Sends events until the job has ended, the client leaves or the service stops.</summary>
    public static async Task WriteAsync(string id, HttpContext context, JobService jobs, IHostApplicationLifetime lifetime)
    {
        var response = context.Response;
        var isResumed = long.TryParse(
            context.Request.Headers[LastEventId].ToString(),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var seen
        );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await foreach (var (version, job) in jobs.WatchAsync(id, isResumed ? seen : -1, stop.Token).ConfigureAwait(false))
            {
                if (!response.HasStarted)
                {
                    response.ContentType = "text/event-stream; charset=utf-8";
                    response.Headers.CacheControl = "no-store";
                    response.Headers["X-Accel-Buffering"] = "no";
                }

                var data = JsonSerializer.Serialize(job, JobsJson.Of<JobAnswer>());
                var name = job.State == JobState.Running ? "progress" : "state";
                await response
                    .WriteAsync(FormattableString.Invariant($"id: {version}\nevent: {name}\ndata: {data}\n\n"), stop.Token)
                    .ConfigureAwait(false);
                await response.Body.FlushAsync(stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && response.HasStarted)
        {
            // The client asks again, whoever then answers.
        }

        if (!response.HasStarted)
        {
            // Nothing has changed since, and nothing will: tells a browser to ask no more.
            response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}
