using System.Buffers;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;

namespace ExplainService.Jobs.Work;

/// <summary>Results as lines: the row's number, its name, its label, and then the answer or the problem, as in a stream of NDJSON.</summary>
internal static class ResultLines
{
    /// <summary>An answer.</summary>
    public static byte[] Of(InputRow row, Explanation answer) =>
        Line(row, JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), JobsJson.Kept));

    /// <summary>An answer with those to the pieces of its text.</summary>
    public static byte[] Of(InputRow row, Explanation answer, IReadOnlyList<TextPiece> pieces)
    {
        var whole = Of(row, answer);
        return pieces.Count == 0
            ? whole
            : [.. whole.AsSpan()[..^2], .. ",\"pieces\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(pieces, JobsJson.Kept), .. "}\n"u8];
    }

    /// <summary>What a row says of the importance of words.</summary>
    public static byte[] Of(InputRow row, ImportanceLine line) => Line(row, JsonSerializer.SerializeToUtf8Bytes(line, JobsJson.Kept));

    /// <summary>What a row says of neurons.</summary>
    public static byte[] Of(InputRow row, NeuronLine line) => Line(row, JsonSerializer.SerializeToUtf8Bytes(line, JobsJson.Kept));

    /// <summary>An answer beside the one that it is compared with.</summary>
    /// <param name="row">The row.</param>
    /// <param name="answer">The answer; null where there is none.</param>
    /// <param name="before">The other, as JSON; null where there is none.</param>
    /// <param name="flipped">Whether the predicted label changed; null where that cannot be told.</param>
    public static byte[] Of(InputRow row, JsonElement? answer, string? before, bool? flipped)
    {
        var fields = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(fields, new JsonWriterOptions { Encoder = JobsJson.Options.Encoder }))
        {
            json.WriteStartObject();
            if (answer is { } given)
            {
                foreach (var field in given.EnumerateObject())
                {
                    field.WriteTo(json);
                }
            }

            if (before is not null)
            {
                json.WritePropertyName("before"u8);
                json.WriteRawValue(before);
            }

            if (flipped is { } known)
            {
                json.WriteBoolean("flipped"u8, known);
            }

            json.WriteEndObject();
        }

        return Line(row, fields.WrittenSpan);
    }

    /// <summary>A problem, beside the answer that it would have been compared with, if there is one.</summary>
    public static byte[] Of(InputRow row, Problem problem) =>
        Of(row, JsonSerializer.SerializeToElement(problem with { TraceId = null }, JobsJson.Kept), row.Before, flipped: null);

    /// <summary>Fields before those of an object.</summary>
    private static byte[] Line(InputRow row, ReadOnlySpan<byte> fields)
    {
        var line = new ArrayBufferWriter<byte>(fields.Length + 128);
        using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JobsJson.Options.Encoder, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("row"u8, row.Row);
            json.WritePropertyName("id"u8);
            if (row.Id is { } id)
            {
                json.WriteRawValue(id.Json);
            }
            else
            {
                json.WriteNumberValue(row.Row);
            }

            if (row.Label is { } label)
            {
                json.WriteString("label"u8, label);
            }

            if (row.Slice is { } slice)
            {
                json.WriteString("slice"u8, slice);
            }
        }

        line.Write(fields.Length > 2 ? ","u8 : []);
        line.Write(fields[1..]);
        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }
}
