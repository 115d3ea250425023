using System.IO.Pipelines;
using System.Threading.Channels;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Problems;

namespace ExplainService.Protocol.Lines;

/// <summary>
/// One request a line in, one answer a line out, in the same order. A window of lines is worked on at once, so that their rows share
/// batches; lines are read ahead of the window, so that a client may send everything before it reads anything.
/// </summary>
/// <param name="limits">What a stream may take.</param>
/// <param name="time">Of the waits of lines where the queue is full.</param>
public sealed class LineLoop(LineLimits limits, TimeProvider time)
{
    /// <summary>Answers a stream until its end, or until the client leaves.</summary>
    /// <param name="requestType">What lines are read as.</param>
    /// <param name="requests">The lines.</param>
    /// <param name="answers">Where each of them is answered.</param>
    /// <param name="answerer">Who answers them.</param>
    /// <param name="clock">Of the whole stream: once the drain has expired, a last line says that nothing more is answered.</param>
    public async Task RunAsync(Type requestType, PipeReader requests, PipeWriter answers, ILineAnswerer answerer, RequestClock clock)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(clock.ClientLeft);
        // Whatever ends the stream ends its lines.
        using var ofLines = new RequestClock(ended.Token, clock.DrainExpired);
        var lineAnswers = new LineAnswers(requestType, answerer, limits, time, ofLines);
        var budget = new ByteBudget(limits.ReadAheadBytes);
        var idle = new IdleWatch(limits, time);
        var window = Channel.CreateBounded<StartedLine>(
            new BoundedChannelOptions(limits.Window) { SingleReader = true, SingleWriter = true }
        );
        var lines = Channel.CreateUnbounded<ReadLine>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var work = Task.WhenAll(
            ReadAsync(requests, budget, idle, lines.Writer, ofLines),
            StartAsync(lines.Reader, line => AnswerAsync(lineAnswers, line, budget), window.Writer, ended.Token)
        );
        try
        {
            await WriteAsync(answers, window.Reader, idle, ended.Token).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (window.Reader.TryRead(out var left))
            {
                await ((Task)left.Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                left.Work.Dispose();
            }
        }

        await work.ConfigureAwait(false);
    }

    /// <summary>Reads ahead: bounded by memory, not by lines.</summary>
    private async Task ReadAsync(PipeReader requests, ByteBudget budget, IdleWatch idle, ChannelWriter<ReadLine> lines, RequestClock clock)
    {
        Exception? failure = null;
        try
        {
            await foreach (var line in LineReader.ReadAsync(requests, limits.LineBytes, idle, clock.Stop).ConfigureAwait(false))
            {
                idle.LineBegins();
                var held = await budget.TakeAsync(Math.Max(1, line.Length), clock.Stop).ConfigureAwait(false);
                await lines.WriteAsync(new ReadLine(line, held), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (clock.DrainExpired.IsCancellationRequested && !clock.ClientLeft.IsCancellationRequested)
        {
            // The stream was not at its end: a last line says that nothing more is answered.
            await lines.WriteAsync(new ReadLine(new LineWork(null) { Number = 0 }, 0), CancellationToken.None).ConfigureAwait(false);
        }
        catch (RefusedRequestException refusal)
        {
            await lines
                .WriteAsync(new ReadLine(new LineWork(null) { Number = 0, End = refusal }, 0), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lines.Complete(failure);
    }

    private static async Task StartAsync(
        ChannelReader<ReadLine> lines,
        Func<ReadLine, Task<object>> answer,
        ChannelWriter<StartedLine> window,
        CancellationToken ended
    )
    {
        Exception? failure = null;
        try
        {
            await foreach (var line in lines.ReadAllAsync(ended).ConfigureAwait(false))
            {
                // Waiting for room first keeps the number of lines at work within the window.
                if (!await window.WaitToWriteAsync(ended).ConfigureAwait(false))
                {
                    break;
                }

                // There is room, and nobody else writes.
                window.TryWrite(new StartedLine(answer(line), line.Work));
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        window.Complete(failure);
    }

    private static async Task<object> AnswerAsync(LineAnswers answers, ReadLine line, ByteBudget budget)
    {
        await Task.Yield();
        try
        {
            return await answers.AnswerAsync(line.Work).ConfigureAwait(false);
        }
        finally
        {
            budget.Return(line.Held);
        }
    }

    private static async Task WriteAsync(PipeWriter answers, ChannelReader<StartedLine> window, IdleWatch idle, CancellationToken ended)
    {
        await foreach (var line in window.ReadAllAsync(ended).ConfigureAwait(false))
        {
            using var work = line.Work;
            work.Begin();
            if (!line.Answer.IsCompleted)
            {
                // What is done goes out before the next answer is waited for.
                await answers.FlushAsync(ended).ConfigureAwait(false);
            }

            var answer = await line.Answer.ConfigureAwait(false);
            await LineWriter.WriteAsync(answers, answer, work.IsLarge, ended).ConfigureAwait(false);
            idle.LineEnds();
        }
    }

    /// <summary>A line and the bytes that it takes of the read-ahead.</summary>
    private sealed record ReadLine(LineWork Work, int Held);

    /// <summary>A line that is being answered.</summary>
    private sealed record StartedLine(Task<object> Answer, LineWork Work);
}
