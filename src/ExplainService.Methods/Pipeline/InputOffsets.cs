using ExplainService.Methods.Contracts;
using ExplainService.Text;

namespace ExplainService.Methods.Pipeline;

/// <summary>Offsets between UTF-16 code units, which everything inside counts, and the unit that the caller asked for.</summary>
public sealed class InputOffsets
{
    private readonly OffsetUnits[]? codePoints;

    /// <summary>For a text and an optional pair.</summary>
    public InputOffsets(OffsetUnit unit, string text, string? pair)
        : this(unit, [text, pair ?? ""]) { }

    /// <summary>For texts, by their sequences.</summary>
    public InputOffsets(OffsetUnit unit, IReadOnlyList<string> texts)
    {
        Unit = unit;
        codePoints = unit == OffsetUnit.Codepoint ? [.. texts.Select(text => new OffsetUnits(text))] : null;
    }

    /// <summary>What the caller counts in.</summary>
    public OffsetUnit Unit { get; }

    /// <summary>From UTF-16 to the caller's unit.</summary>
    /// <param name="sequence">0 for the text, 1 for the pair; of a conversation the message.</param>
    /// <param name="utf16">Offset in UTF-16 code units.</param>
    public int Of(int sequence, int utf16) => codePoints is null ? utf16 : codePoints[Math.Max(0, sequence)].ToCodePoint(utf16);

    /// <summary>From the caller's unit to UTF-16; null where there is no such offset, or it lies inside a character.</summary>
    public int? ToUtf16(int sequence, string text, int offset)
    {
        if (codePoints is not null)
        {
            var map = codePoints[Math.Max(0, sequence)];
            return offset >= 0 && offset <= map.CodePoints ? map.ToUtf16(offset) : null;
        }

        var inside = offset > 0 && offset < text.Length && char.IsLowSurrogate(text[offset]) && char.IsHighSurrogate(text[offset - 1]);
        return offset >= 0 && offset <= text.Length && !inside ? offset : null;
    }
}
