using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Pipeline;

/// <summary>
/// One request a line in, one answer a line out, in the same order. A window of lines is worked on at once, so that their rows share
/// batches; lines are read ahead of the window, so that a client may send everything before it reads anything.
/// </summary>
internal sealed class ExplanationStream(
    ExplanationRunner runner,
    Negotiation negotiation,
    IOptions<ServerLimits> limits,
    TimeProvider time,
    ILogger<ExplanationStream> log
)
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(1);

    /// <summary>Answers a stream until its end, or until the client leaves.</summary>
    public async Task ServeAsync(Type requestType, HttpContext context, RequestClock clock)
    {
        negotiation.CheckStream(context.Request);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(clock.ClientLeft);
        // Whatever ends the stream ends its lines.
        using var ofLines = new RequestClock(ended.Token, clock.DrainExpired);
        LiftBodyLimits(context);
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.StartAsync(ended.Token).ConfigureAwait(false);

        var window = Channel.CreateBounded<Task<byte[]>>(
            new BoundedChannelOptions(limits.Value.StreamWindow) { SingleReader = true, SingleWriter = true }
        );
        var lines = Channel.CreateUnbounded<StreamLine>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var work = Task.WhenAll(
            ReadAsync(context, lines.Writer, ofLines),
            StartAsync(requestType, RequestFacts.Of(context), lines.Reader, window.Writer, ofLines)
        );
        try
        {
            await WriteAsync(context.Response, window.Reader, ended.Token).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await work.ConfigureAwait(false);
    }

    private async Task ReadAsync(HttpContext context, ChannelWriter<StreamLine> lines, RequestClock clock)
    {
        // Permits are bytes: what is read ahead is bounded by memory, not by lines.
        using var budget = new ConcurrencyLimiter(
            new ConcurrencyLimiterOptions { PermitLimit = limits.Value.StreamReadAheadBytes, QueueLimit = int.MaxValue }
        );
        Exception? failure = null;
        try
        {
            var cut = LineReader.ReadAsync(context.Request.BodyReader, limits.Value.MaxBodyBytes, clock.Stop);
            await foreach (var line in cut.ConfigureAwait(false))
            {
                var permits = Math.Min(limits.Value.StreamReadAheadBytes, Math.Max(1, line?.Length ?? 1));
                var lease = await budget.AcquireAsync(permits, clock.Stop).ConfigureAwait(false);
                await lines.WriteAsync(new StreamLine(line, lease), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (clock.DrainExpired.IsCancellationRequested && !clock.ClientLeft.IsCancellationRequested)
        {
            // The stream was not at its end: a last line says that nothing more is answered.
            await lines.WriteAsync(new StreamLine(null, null), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lines.Complete(failure);
    }

    private async Task StartAsync(
        Type requestType,
        RequestFacts facts,
        ChannelReader<StreamLine> lines,
        ChannelWriter<Task<byte[]>> window,
        RequestClock clock
    )
    {
        Exception? failure = null;
        try
        {
            await foreach (var line in lines.ReadAllAsync(clock.ClientLeft).ConfigureAwait(false))
            {
                // Waiting for room first keeps the number of lines at work within the window.
                if (!await window.WaitToWriteAsync(clock.ClientLeft).ConfigureAwait(false))
                {
                    break;
                }

                var answer = AnswerAsync(requestType, line, facts, clock);
                await window.WriteAsync(answer, clock.ClientLeft).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        window.Complete(failure);
    }

    private static async Task WriteAsync(HttpResponse response, ChannelReader<Task<byte[]>> window, CancellationToken cancellationToken)
    {
        await foreach (var answer in window.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!answer.IsCompleted)
            {
                // What is done goes out before the next answer is waited for.
                await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            var line = await answer.ConfigureAwait(false);
            await response.BodyWriter.WriteAsync(line, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<byte[]> AnswerAsync(Type requestType, StreamLine line, RequestFacts facts, RequestClock clock)
    {
        await Task.Yield();
        try
        {
            if (clock.DrainExpired.IsCancellationRequested)
            {
                throw ServiceBusyException.ShuttingDown();
            }

            var bytes =
                line.Bytes
                ?? throw new RefusedRequestException(
                    413,
                    FormattableString.Invariant($"the line is over the limit of {limits.Value.MaxBodyBytes} bytes")
                );
            var explanation = await RunAsync(StrictJson.Read(requestType, bytes), facts, clock).ConfigureAwait(false);
            facts.CountLine(failed: false);
            return Line(explanation);
        }
        catch (Exception exception) when (!clock.ClientLeft.IsCancellationRequested)
        {
            if (!ProblemMapper.IsExpected(exception))
            {
                log.UnhandledException(exception);
            }

            facts.CountLine(failed: true);
            return Line(ProblemMapper.From(exception));
        }
        finally
        {
            line.Lease?.Dispose();
        }
    }

    /// <summary>A stream is its own queue: where a single request would be told to come back, a line waits for its turn.</summary>
    private async Task<Explanation> RunAsync(ExplainRequest request, RequestFacts facts, RequestClock clock)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await runner.RunAsync(request, WorkPriority.Batch, facts, clock).ConfigureAwait(false);
            }
            catch (ServiceBusyException busy)
                when (!busy.Unavailable && time.GetElapsedTime(started).TotalSeconds < limits.Value.MaxRequestSeconds)
            {
                var wait = TimeSpan.FromTicks(Math.Clamp(busy.RetryAfter.Ticks, ShortestRetry.Ticks, LongestRetry.Ticks));
                await Task.Delay(wait, time, clock.ClientLeft).ConfigureAwait(false);
            }
        }
    }

    private static byte[] Line(object value)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (
            var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = ServiceJson.Options.Encoder, SkipValidation = true })
        )
        {
            JsonSerializer.Serialize(writer, value, value.GetType(), ServiceJson.Options);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void LiftBodyLimits(HttpContext context)
    {
        // A stream may be long, and may pause while its client waits for answers.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    /// <summary>A line (null: over the limit) and the bytes that it takes of the read-ahead.</summary>
    private sealed record StreamLine(byte[]? Bytes, RateLimitLease? Lease);
}
