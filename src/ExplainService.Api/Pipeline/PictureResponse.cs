using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Problems;
using ExplainService.Rendering;
using ExplainService.Rendering.Drawing;
using ExplainService.Runtime;

namespace ExplainService.Api.Pipeline;

/// <summary>Answers with a picture.</summary>
internal static class PictureResponse
{
    /// <summary>
    /// Pictures hold their styles and images themselves and run nothing. Were there a hole in the escaping of a hostile text, the browser
    /// would still load nothing, run nothing and post nothing.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox";

    /// <summary>A partial result comes when the deadline has passed, and deserves to be drawn: in so much of it more.</summary>
    private const double ShareOfDeadline = 0.2;

    /// <summary>Draws and sends it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="picture">What it asked for.</param>
    /// <param name="subject">What is drawn.</param>
    /// <param name="memory">What the request holds, the picture with it.</param>
    /// <param name="time">Of the deadline.</param>
    /// <param name="clock">What ends the drawing.</param>
    /// <exception cref="DeadlineExceededException">504.</exception>
    public static async Task WriteAsync(
        HttpContext context,
        PictureRequest picture,
        Subject subject,
        MemoryShare memory,
        TimeProvider time,
        RequestClock clock
    )
    {
        PictureBounds.Check(subject);
        await memory.TakeAsync(PictureBounds.BytesOf(subject), clock.Stop).ConfigureAwait(false);
        var bytes = await DrawAsync(picture, subject, time, clock).ConfigureAwait(false);
        var response = context.Response;
        response.ContentType = picture.Format.MediaType == "text/html" ? "text/html; charset=utf-8" : picture.Format.MediaType;
        response.ContentLength = bytes.Length;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<byte[]> DrawAsync(PictureRequest picture, Subject subject, TimeProvider time, RequestClock clock)
    {
        using var late = new CancellationTokenSource(TimeLeft(clock.Deadline), time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(clock.Stop, late.Token);
        try
        {
            return await clock
                .UntilStoppedAsync(() =>
                    Task.Run(
                            () =>
                            {
                                var scene = Pictures.Draw(subject, picture.Options);
                                return picture.Format.Write(scene, picture.Options.Theme, ended.Token);
                            },
                            ended.Token
                        )
                        .WaitAsync(ended.Token)
                )
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !clock.Stop.IsCancellationRequested)
        {
            throw new DeadlineExceededException(clock.Deadline.Milliseconds!.Value, "the answer was there and not yet drawn");
        }
    }

    private static TimeSpan TimeLeft(Deadline deadline)
    {
        if (deadline.Milliseconds is not { } milliseconds)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var whole = TimeSpan.FromMilliseconds(milliseconds);
        var (left, share) = (whole - deadline.Elapsed, whole * ShareOfDeadline);
        return left > share ? left : share;
    }
}
