using System.Buffers.Text;

namespace ExplainService.Text.Reading;

/// <summary>Tells OpenAI's list of byte pairs, which Llama 3 and others call <c>tokenizer.model</c>, from SentencePiece's file.</summary>
internal static class TiktokenFile
{
    private const int Looked = 512;

    /// <summary>Whether the first line is a token in base 64, a space and its rank.</summary>
    public static bool Is(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[Looked];
        var line = start[..file.ReadAtLeast(start, Looked, throwOnEndOfStream: false)];
        line = line.IndexOf((byte)'\n') is >= 0 and var end ? line[..end] : line;
        var space = line.IndexOf((byte)' ');
        return space > 0
            && Base64.IsValid(line[..space])
            && !line[(space + 1)..].TrimEnd((byte)'\r').ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
