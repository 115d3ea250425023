using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using ExplainService.Protocol.Json;

namespace ExplainService.Protocol.Lines;

/// <summary>Writes the answers of lines where they go, without a copy of them as bytes.</summary>
internal static class LineWriter
{
    /// <summary>Writes one line.</summary>
    /// <param name="answers">Where lines go.</param>
    /// <param name="answer">An explanation or a problem.</param>
    /// <param name="isLarge">Send it while it is written, at the speed of its reader, rather than all at once.</param>
    /// <param name="cancellationToken">The stream has ended.</param>
    public static async Task WriteAsync(PipeWriter answers, object answer, bool isLarge, CancellationToken cancellationToken)
    {
        if (isLarge)
        {
            await ServiceJson.WriteAsync(answers, answer, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await using var json = new Utf8JsonWriter(
                answers,
                new JsonWriterOptions { Encoder = ServiceJson.Options.Encoder, SkipValidation = true }
            );
            JsonSerializer.Serialize(json, answer, answer.GetType(), ServiceJson.Options);
        }

        answers.Write("\n"u8);
        await answers.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
