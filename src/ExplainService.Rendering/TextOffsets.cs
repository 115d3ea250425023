using System.Text;
using ExplainService.Methods.Contracts;

namespace ExplainService.Rendering;

/// <summary>Turns an answer's offsets into UTF-16 offsets of the texts, kept within them.</summary>
internal sealed class TextOffsets(Subject subject)
{
    private readonly int[]? text = Starts(subject.Text, subject.OffsetUnit);
    private readonly int[]? pair = Starts(subject.Pair, subject.OffsetUnit);

    /// <summary>The UTF-16 offset.</summary>
    /// <param name="where"><c>pair</c> for the second text.</param>
    /// <param name="offset">As the answer gives it.</param>
    public int Of(string? where, int offset)
    {
        var (starts, length) = where == "pair" ? (pair, subject.Pair?.Length ?? 0) : (text, subject.Text.Length);
        return starts is null ? Math.Clamp(offset, 0, length) : starts[Math.Clamp(offset, 0, starts.Length - 1)];
    }

    /// <summary>UTF-16 offset of every code point and of the end; null where offsets are UTF-16 already.</summary>
    private static int[]? Starts(string? text, OffsetUnit unit)
    {
        if (unit == OffsetUnit.Utf16 || text is null)
        {
            return null;
        }

        var starts = new List<int>(text.Length + 1);
        for (var at = 0; at < text.Length; )
        {
            starts.Add(at);
            Rune.DecodeFromUtf16(text.AsSpan(at), out _, out var length);
            at += length;
        }

        starts.Add(text.Length);
        return [.. starts];
    }
}
