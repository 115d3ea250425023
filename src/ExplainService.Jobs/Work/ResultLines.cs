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

    /// <summary>What a row says of the importance of words.</summary>
    public static byte[] Of(InputRow row, ImportanceLine line) => Line(row, JsonSerializer.SerializeToUtf8Bytes(line, JobsJson.Kept));

    /// <summary>What a row says of neurons.</summary>
    public static byte[] Of(InputRow row, NeuronLine line) => Line(row, JsonSerializer.SerializeToUtf8Bytes(line, JobsJson.Kept));

    /// <summary>A problem.</summary>
    public static byte[] Of(InputRow row, Problem problem) =>
        Line(row, JsonSerializer.SerializeToUtf8Bytes(problem with { TraceId = null }, JobsJson.Kept));

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
        }

        line.Write(fields.Length > 2 ? ","u8 : []);
        line.Write(fields[1..]);
        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }
}
