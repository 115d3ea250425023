using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Inputs;

/// <summary>Lines of JSON as they are kept: compressed, a chunk at a time.</summary>
internal static class Segments
{
    /// <summary>Compresses lines.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> lines)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(lines);
        }

        return packed.ToArray();
    }

    /// <summary>Compresses rows.</summary>
    public static byte[] Pack(IEnumerable<InputRow> rows)
    {
        var lines = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(lines, new JsonWriterOptions { Encoder = JobsJson.Options.Encoder, SkipValidation = true });
        foreach (var row in rows)
        {
            JsonSerializer.Serialize(json, row, RowsJson.Row);
            json.Flush();
            json.Reset();
            lines.Write("\n"u8);
        }

        return Pack(lines.WrittenSpan);
    }

    /// <summary>The lines again.</summary>
    public static byte[] Unpack(byte[] body)
    {
        using var brotli = new BrotliStream(new MemoryStream(body), CompressionMode.Decompress);
        using var lines = new MemoryStream();
        brotli.CopyTo(lines);
        return lines.ToArray();
    }

    /// <summary>The rows again.</summary>
    public static IReadOnlyList<InputRow> Rows(byte[] body) =>
        [.. Lines(Unpack(body)).Select(line => JsonSerializer.Deserialize(line.Span, RowsJson.Row)!)];

    /// <summary>Each line, without its end.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> lines)
    {
        while (lines.Length > 0)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            yield return end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
        }
    }
}
