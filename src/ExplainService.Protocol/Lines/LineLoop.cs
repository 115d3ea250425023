using System.IO.Pipelines;
using System.Threading.Channels;
using ExplainService.Methods.Pipeline;

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
        var window = Channel.CreateBounded<Task<byte[]>>(
            new BoundedChannelOptions(limits.Window) { SingleReader = true, SingleWriter = true }
        );
        var lines = Channel.CreateUnbounded<Line>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var work = Task.WhenAll(
            ReadAsync(requests, budget, lines.Writer, ofLines),
            StartAsync(lines.Reader, line => AnswerAsync(lineAnswers, line, budget), window.Writer, ended.Token)
        );
        try
        {
            await WriteAsync(answers, window.Reader, ended.Token).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await work.ConfigureAwait(false);
    }

    /// <summary>Reads ahead: bounded by memory, not by lines.</summary>
    private async Task ReadAsync(PipeReader requests, ByteBudget budget, ChannelWriter<Line> lines, RequestClock clock)
    {
        Exception? failure = null;
        try
        {
            await foreach (var bytes in LineReader.ReadAsync(requests, limits.LineBytes, clock.Stop).ConfigureAwait(false))
            {
                var held = await budget.TakeAsync(Math.Max(1, bytes?.Length ?? 1), clock.Stop).ConfigureAwait(false);
                await lines.WriteAsync(new Line(bytes, held), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (clock.DrainExpired.IsCancellationRequested && !clock.ClientLeft.IsCancellationRequested)
        {
            // The stream was not at its end: a last line says that nothing more is answered.
            await lines.WriteAsync(new Line(null, 0), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lines.Complete(failure);
    }

    private static async Task StartAsync(
        ChannelReader<Line> lines,
        Func<Line, Task<byte[]>> answer,
        ChannelWriter<Task<byte[]>> window,
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

                await window.WriteAsync(answer(line), ended).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        window.Complete(failure);
    }

    private static async Task<byte[]> AnswerAsync(LineAnswers answers, Line line, ByteBudget budget)
    {
        await Task.Yield();
        try
        {
            return await answers.AnswerAsync(line.Bytes).ConfigureAwait(false);
        }
        finally
        {
            budget.Return(line.Held);
        }
    }

    private static async Task WriteAsync(PipeWriter answers, ChannelReader<Task<byte[]>> window, CancellationToken ended)
    {
        await foreach (var answer in window.ReadAllAsync(ended).ConfigureAwait(false))
        {
            if (!answer.IsCompleted)
            {
                // What is done goes out before the next answer is waited for.
                await answers.FlushAsync(ended).ConfigureAwait(false);
            }

            var line = await answer.ConfigureAwait(false);
            await answers.WriteAsync(line, ended).ConfigureAwait(false);
        }
    }

    /// <summary>A line (null: over the limit) and the bytes that it takes of the read-ahead.</summary>
    private sealed record Line(byte[]? Bytes, int Held);
}
