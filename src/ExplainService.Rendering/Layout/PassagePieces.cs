using System.Globalization;
using System.Text;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Layout;

/// <summary>A stretch of the text that is drawn in one go.</summary>
/// <param name="Text">As it is shown.</param>
/// <param name="Part">Index of the part that it belongs to; −1 for text between parts.</param>
/// <param name="Width">Its width.</param>
/// <param name="BreakAfter">Whether a line may end after it.</param>
/// <param name="EndsLine">Whether the text itself ends the line here.</param>
internal sealed record PassagePiece(string Text, int Part, double Width, bool BreakAfter, bool EndsLine)
{
    /// <summary>White space, which may hang over the end of a line.</summary>
    public bool IsSpace { get; } = string.IsNullOrWhiteSpace(Text);
}

/// <summary>Cuts a text into pieces: at the borders of its parts, at spaces, at line breaks, between ideographs.</summary>
internal static class PassagePieces
{
    private const int TabStops = 4;

    /// <summary>The most characters of a piece that is cut by its width: some have none, and a line would never be full of them.</summary>
    private const int MaxPieceLength = 512;

    /// <summary>Viewers that lack Inter may fall back to a face that is a little wider.</summary>
    private const double Slack = 1.02;

    /// <summary>The pieces; together they are the whole text.</summary>
    /// <param name="text">The text as sent.</param>
    /// <param name="parts">Start and end of its parts in text order; where two overlap, the earlier keeps what they share.</param>
    /// <param name="size">Size of the font.</param>
    /// <param name="widest">The widest piece.</param>
    public static IEnumerable<PassagePiece> Cut(string text, IReadOnlyList<(int Start, int End)> parts, double size, double widest)
    {
        var at = 0;
        for (var part = 0; part < parts.Count; part++)
        {
            var start = Math.Clamp(parts[part].Start, at, text.Length);
            var end = Math.Clamp(parts[part].End, start, text.Length);
            foreach (var piece in Words(text[at..start], -1, size, widest).Concat(Words(text[start..end], part, size, widest)))
            {
                yield return piece;
            }

            at = end;
        }

        foreach (var piece in Words(text[at..], -1, size, widest))
        {
            yield return piece;
        }
    }

    private static IEnumerable<PassagePiece> Words(string text, int part, double size, double widest)
    {
        var start = 0;
        var at = 0;
        while (at < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _);
            var next = at + length;
            var (isBreak, isSpace, isIdeograph) = (rune.Value is '\n' or '\r', Rune.IsWhiteSpace(rune), IsIdeograph(rune.Value));
            var nextIsSpace = next < text.Length && char.IsWhiteSpace(text[next]);
            var nextIsBreak = next < text.Length && text[next] is '\n' or '\r';
            if (isBreak || isIdeograph || isSpace != nextIsSpace || (isSpace && nextIsBreak) || next == text.Length)
            {
                foreach (var piece in Narrow(text[start..next], part, size, widest, isSpace || isIdeograph, isBreak))
                {
                    yield return piece;
                }

                start = next;
            }

            at = next;
        }
    }

    /// <summary>Words wider than a line come in as many pieces as they need.</summary>
    private static IEnumerable<PassagePiece> Narrow(string text, int part, double size, double widest, bool breakAfter, bool endsLine)
    {
        var shown = VisibleText.Of(text);
        var width = Width(shown, size);
        if (width <= widest)
        {
            yield return new PassagePiece(shown, part, width, breakAfter, endsLine);
            yield break;
        }

        var (start, at) = (0, 0);
        while (at < shown.Length)
        {
            var next = at + StringInfo.GetNextTextElementLength(shown, at);
            if (at > start && (next - start > MaxPieceLength || Width(shown[start..next], size) > widest))
            {
                yield return new PassagePiece(shown[start..at], part, Width(shown[start..at], size), BreakAfter: true, EndsLine: false);
                start = at;
            }

            at = next;
        }

        yield return new PassagePiece(shown[start..], part, Width(shown[start..], size), breakAfter, endsLine);
    }

    /// <summary>The width of a piece.</summary>
    internal static double Width(string text, double size)
    {
        if (text.AsSpan().ContainsAny('\t', '\n', '\r'))
        {
            var tabs = text.Count(character => character == '\t');
            text = text.Replace("\n", "").Replace("\r", "").Replace('\t', ' ');
            return (Slack * TextMeasure.Width(text, size)) + (tabs * (TabStops - 1) * TextMeasure.Width(" ", size));
        }

        return Slack * TextMeasure.Width(text, size);
    }

    /// <summary>Scripts that write no spaces: a line may end after any of their characters.</summary>
    private static bool IsIdeograph(int rune) =>
        rune
            is (>= 0x0E00 and <= 0x0EFF)
                or (>= 0x1000 and <= 0x109F)
                or (>= 0x1780 and <= 0x17FF)
                or (>= 0x2E80 and <= 0x9FFF)
                or (>= 0xAC00 and <= 0xD7AF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0xFF01 and <= 0xFF60)
                or (>= 0x20000 and <= 0x3FFFF);
}
