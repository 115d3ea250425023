using System.Globalization;
using System.Text;

namespace ExplainService.Rendering.Typography;

/// <summary>
/// Text as it can be shown: every character that would be invisible, or that would reorder what stands around it, is replaced by a visible
/// sign for it. What is left is valid XML 1.0 and cannot reach beyond itself.
/// </summary>
public static class VisibleText
{
    /// <summary>The most characters of a text on one line: nobody reads more of them, and a picture may repeat them on each of its lines.</summary>
    public const int MaxLineLength = 1_000;

    /// <summary>The most characters of a text in what is said when something is pointed at.</summary>
    public const int MaxTipLength = 200;

    private const int MaxFittedLength = 400;

    /// <summary>Names of characters that act without being seen.</summary>
    private static readonly Dictionary<int, string> Names = new()
    {
        [0x061C] = "ALM",
        [0x200B] = "ZWSP",
        [0x200E] = "LRM",
        [0x200F] = "RLM",
        [0x202A] = "LRE",
        [0x202B] = "RLE",
        [0x202C] = "PDF",
        [0x202D] = "LRO",
        [0x202E] = "RLO",
        [0x2060] = "WJ",
        [0x2066] = "LRI",
        [0x2067] = "RLI",
        [0x2068] = "FSI",
        [0x2069] = "PDI",
        [0xFEFF] = "BOM",
    };

    /// <summary>The text with visible signs for control characters; spaces, tabs and line breaks are kept.</summary>
    public static string Of(string text)
    {
        var from = 0;
        StringBuilder? shown = null;
        for (var at = 0; at < text.Length; )
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            var sign = status == System.Buffers.OperationStatus.Done ? SignOf(rune) : "\uFFFD";
            if (sign is not null)
            {
                shown ??= new StringBuilder(text.Length + 16);
                shown.Append(text, from, at - from).Append(sign);
                from = at + length;
            }

            at += length;
        }

        return shown is null ? text : shown.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>
    /// The text on one line, for labels: line breaks and tabs become signs, spaces at either end stay visible; what is too long ends in an
    /// ellipsis.
    /// </summary>
    public static string OneLine(string text, int longest = MaxLineLength)
    {
        var line = Of(Cut(text, longest)).Replace("\r\n", "↵").Replace('\n', '↵').Replace('\r', '↵').Replace('\t', '→');
        return line.Length > 0 && line.All(character => character == ' ') ? new string('·', line.Length) : line;
    }

    /// <summary>The text on one line, cut with an ellipsis to a width.</summary>
    public static string Fit(string text, double width, double size, bool bold = false)
    {
        var line = OneLine(text);
        line = Cut(line, MaxFittedLength);
        if (TextMeasure.Width(line, size, bold) <= width)
        {
            return line;
        }

        // Whole graphemes only: a letter never loses its accents.
        var starts = StringInfo.ParseCombiningCharacters(line);
        var (low, high) = (0, starts.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            var fits = TextMeasure.Width(string.Concat(line.AsSpan(0, starts[middle]), "…"), size, bold) <= width;
            (low, high) = fits ? (middle, high) : (low, middle - 1);
        }

        return string.Concat(line.AsSpan(0, starts.Length == 0 ? 0 : starts[low]), "…");
    }

    private static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)] + "…";

    private static string? SignOf(Rune rune) =>
        rune.Value switch
        {
            '\t' or '\n' or '\r' => null,
            < 0x20 => ((char)(0x2400 + rune.Value)).ToString(),
            0x7F => "␡",
            (>= 0x80 and < 0xA0) or 0x2028 or 0x2029 => FormattableString.Invariant($"‹U+{rune.Value:X4}›"),
            _ when Names.TryGetValue(rune.Value, out var name) => $"‹{name}›",
            _ when (rune.Value & 0xFFFE) == 0xFFFE => "\uFFFD",
            _ => null,
        };
}
