using System.Buffers;
using System.Threading.Channels;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Api.Pipeline;

/// <summary>
/// The answer to a request of many texts as lines: how far it is after each text, and the answer, or what was wrong, as the last. What is
/// wrong before there is a line has the status that it has without them.
/// </summary>
internal sealed class ProgressStream(ExplanationRunner runner, ILogger<ProgressStream> log)
{
    /// <summary>Answers a request.</summary>
    public async Task ServeAsync(ExplainRequest request, HttpContext context, MemoryShare share, RequestClock clock)
    {
        var steps = Channel.CreateUnbounded<ProgressLine>();
        var explaining = ExplainAsync();
        var response = context.Response;
        response.Headers.Vary = "Accept";
        while (await steps.Reader.WaitToReadAsync(clock.ClientLeft).ConfigureAwait(false))
        {
            while (steps.Reader.TryRead(out var step))
            {
                await WriteAsync(step).ConfigureAwait(false);
            }
        }

        try
        {
            await WriteAsync(await explaining.ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception failure) when (response.HasStarted && !clock.ClientLeft.IsCancellationRequested)
        {
            if (!ProblemMapper.IsExpected(failure))
            {
                log.UnhandledException(failure);
            }

            await WriteAsync(ProblemMapper.From(failure) with { Id = request.Id }).ConfigureAwait(false);
        }

        async Task<Explanation> ExplainAsync()
        {
            try
            {
                return await runner
                    .RunAsync(request, WorkPriority.Batch, RequestFacts.Of(context), share, clock, Tell)
                    .ConfigureAwait(false);
            }
            finally
            {
                steps.Writer.Complete();
            }
        }

        void Tell(int done, int of) => steps.Writer.TryWrite(new ProgressLine(new ProgressLine.Count(done, of)));

        async Task WriteAsync(object line)
        {
            if (!response.HasStarted)
            {
                response.ContentType = "application/x-ndjson; charset=utf-8";
                response.Headers.CacheControl = "no-store";
            }

            await ServiceJson.WriteAsync(response.BodyWriter, line, clock.ClientLeft).ConfigureAwait(false);
            response.BodyWriter.Write("\n"u8);
            await response.BodyWriter.FlushAsync(clock.ClientLeft).ConfigureAwait(false);
        }
    }
}
