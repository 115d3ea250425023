using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Pipeline;

/// <summary>Offsets between UTF-16 code units, which everything inside counts, and the unit that the caller asked for.</summary>
public sealed class InputOffsets
{
    private readonly int[][]? codePointOf;

    /// <summary>For a text and an optional pair.</summary>
    public InputOffsets(OffsetUnit unit, string text, string? pair)
    {
        Unit = unit;
        codePointOf = unit == OffsetUnit.Codepoint ? [CodePoints(text), CodePoints(pair ?? "")] : null;
    }

    /// <summary>What the caller counts in.</summary>
    public OffsetUnit Unit { get; }

    /// <summary>From UTF-16 to the caller's unit.</summary>
    /// <param name="sequence">1 for the pair.</param>
    /// <param name="utf16">Offset in UTF-16 code units.</param>
    public int Of(int sequence, int utf16) => codePointOf is null ? utf16 : codePointOf[sequence == 1 ? 1 : 0][utf16];

    /// <summary>From the caller's unit to UTF-16; null where there is no such offset, or it lies inside a character.</summary>
    public int? ToUtf16(int sequence, string text, int offset)
    {
        if (offset < 0)
        {
            return null;
        }

        if (codePointOf is null)
        {
            var inside = offset > 0 && offset < text.Length && char.IsLowSurrogate(text[offset]) && char.IsHighSurrogate(text[offset - 1]);
            return offset <= text.Length && !inside ? offset : null;
        }

        var found = Array.IndexOf(codePointOf[sequence == 1 ? 1 : 0], offset);
        return found < 0 ? null : found;
    }

    private static int[] CodePoints(string text)
    {
        var map = new int[text.Length + 1];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            map[i] = count;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                map[++i] = count;
            }

            count++;
        }

        map[text.Length] = count;
        return map;
    }
}
