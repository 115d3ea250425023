using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Protocol.Lines;

/// <summary>A line of a stream to what answers it.</summary>
/// <param name="requestType">What lines are read as.</param>
/// <param name="answerer">Who answers them.</param>
/// <param name="limits">What they may take.</param>
/// <param name="time">Of the waits between tries.</param>
/// <param name="clock">Of the stream.</param>
internal sealed class LineAnswers(Type requestType, ILineAnswerer answerer, LineLimits limits, TimeProvider time, RequestClock clock)
{
    private static readonly TimeSpan MinRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxRetry = TimeSpan.FromSeconds(1);

    /// <summary>Answers a line: an explanation or a problem.</summary>
    /// <exception cref="OperationCanceledException">The client left: there is nobody to answer.</exception>
    public async Task<object> AnswerAsync(LineWork line)
    {
        try
        {
            var answer = await ExplainAsync(line).ConfigureAwait(false);
            answerer.Answered(line, null);
            return answer;
        }
        catch (Exception exception) when (!clock.ClientLeft.IsCancellationRequested)
        {
            answerer.Answered(line, exception);
            return ProblemMapper.From(exception) with { Id = IdOf(line) };
        }
    }

    /// <summary>As it was received: what is masked is so in a problem too.</summary>
    private RequestId? IdOf(LineWork line)
    {
        try
        {
            return line.Bytes is null ? null : RequestIds.Find(answerer.Received(line.Bytes).Span);
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }

    private Task<Explanation> ExplainAsync(LineWork line)
    {
        if (clock.DrainExpired.IsCancellationRequested)
        {
            throw ServiceBusyException.ShuttingDown();
        }

        if (line.End is not null)
        {
            throw line.End;
        }

        if (line.Bytes is null)
        {
            throw new RefusedRequestException(413, FormattableString.Invariant($"The line is over the limit of {limits.LineBytes} bytes."));
        }

        return ExplainAsync(StrictJson.Read(requestType, answerer.Received(line.Bytes)), line);
    }

    private async Task<Explanation> ExplainAsync(ExplainRequest request, LineWork line)
    {
        var tries = line.Tries = new LineTries(time, limits.MaxWait);
        while (true)
        {
            try
            {
                return await answerer.AnswerAsync(request, line, clock).ConfigureAwait(false);
            }
            catch (ServiceBusyException busy) when (tries.IsTriedAgain(busy))
            {
                tries.Again();
                var wait = TimeSpan.FromTicks(Math.Clamp(busy.RetryAfter.Ticks, MinRetry.Ticks, MaxRetry.Ticks));
                await Task.Delay(wait, time, clock.ClientLeft).ConfigureAwait(false);
            }
        }
    }
}
