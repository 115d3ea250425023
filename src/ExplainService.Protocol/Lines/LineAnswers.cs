using System.Buffers;
using System.Text.Json;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Protocol.Lines;

/// <summary>A line of a stream to the line that answers it: an explanation or a problem.</summary>
/// <param name="requestType">What lines are read as.</param>
/// <param name="answerer">Who answers them.</param>
/// <param name="limits">What they may take.</param>
/// <param name="time">Of the waits between tries.</param>
/// <param name="clock">Of the stream.</param>
internal sealed class LineAnswers(Type requestType, ILineAnswerer answerer, LineLimits limits, TimeProvider time, RequestClock clock)
{
    private static readonly TimeSpan MinRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxRetry = TimeSpan.FromSeconds(1);

    /// <summary>Answers a line.</summary>
    /// <param name="line">Its bytes; null where they are over the limit.</param>
    /// <exception cref="OperationCanceledException">The client left: there is nobody to answer.</exception>
    public async Task<byte[]> AnswerAsync(byte[]? line)
    {
        try
        {
            var answer = Line(await ExplainAsync(line).ConfigureAwait(false));
            answerer.Answered(null);
            return answer;
        }
        catch (Exception exception) when (!clock.ClientLeft.IsCancellationRequested)
        {
            answerer.Answered(exception);
            return Line(ProblemMapper.From(exception));
        }
    }

    private Task<Explanation> ExplainAsync(byte[]? line)
    {
        if (clock.DrainExpired.IsCancellationRequested)
        {
            throw ServiceBusyException.ShuttingDown();
        }

        if (line is null)
        {
            throw new RefusedRequestException(413, FormattableString.Invariant($"The line is over the limit of {limits.LineBytes} bytes."));
        }

        return ExplainAsync(StrictJson.Read(requestType, line));
    }

    /// <summary>A stream is its own queue: where a single request would be told to come back, a line waits for its turn.</summary>
    private async Task<Explanation> ExplainAsync(ExplainRequest request)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await answerer.AnswerAsync(request, clock).ConfigureAwait(false);
            }
            catch (ServiceBusyException busy) when (!busy.Unavailable && time.GetElapsedTime(started) < limits.MaxWait)
            {
                var wait = TimeSpan.FromTicks(Math.Clamp(busy.RetryAfter.Ticks, MinRetry.Ticks, MaxRetry.Ticks));
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
}
