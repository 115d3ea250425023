using System.Globalization;
using System.Text;

namespace ExplainService.Text.Patterns.Syntax;

/// <summary>A pattern being read, a character at a time.</summary>
internal sealed class PatternSource(string pattern)
{
    /// <summary>Where the next character is.</summary>
    public int Position { get; set; }

    public bool AtEnd => Position >= pattern.Length;

    /// <summary>The next character, or NUL at the end.</summary>
    public char Next => Ahead(0);

    public char Ahead(int distance) => Position + distance < pattern.Length ? pattern[Position + distance] : '\0';

    /// <summary>Reads a text if it comes next.</summary>
    public bool Take(string text)
    {
        if (string.CompareOrdinal(pattern, Position, text, 0, text.Length) != 0)
        {
            return false;
        }

        Position += text.Length;
        return true;
    }

    /// <summary>Reads a code point.</summary>
    public int TakeCharacter()
    {
        if (Rune.DecodeFromUtf16(pattern.AsSpan(Position), out var rune, out var used) != System.Buffers.OperationStatus.Done)
        {
            throw Refuse(Position, Math.Min(Position + 1, pattern.Length));
        }

        Position += used;
        return rune.Value;
    }

    /// <summary>Reads up to and past a character, which must come.</summary>
    public string TakeUntil(char end, int start)
    {
        var at = pattern.IndexOf(end, Position);
        if (at < 0)
        {
            throw Refuse(start, pattern.Length);
        }

        var text = pattern[Position..at];
        Position = at + 1;
        return text;
    }

    /// <summary>What was read since a position.</summary>
    public string Since(int from) => pattern[from..Position];

    /// <summary>Reads a number of so many digits at most; null where there is no digit.</summary>
    public int? TakeNumber(int digits, NumberStyles style)
    {
        var from = Position;
        while (Position - from < digits && (style == NumberStyles.AllowHexSpecifier ? char.IsAsciiHexDigit(Next) : char.IsAsciiDigit(Next)))
        {
            Position++;
        }

        return Position > from && int.TryParse(pattern.AsSpan(from, Position - from), style, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }

    /// <summary>The part from <paramref name="start"/> to what was read last is at fault.</summary>
    public TokenizerNotSupportedException Refuse(int start) => Refuse(start, Position);

    private TokenizerNotSupportedException Refuse(int start, int end) =>
        new("pattern", pattern, start < end ? $"'{pattern[start..end]}' at position {start} is at fault." : "It ends too early.");
}
