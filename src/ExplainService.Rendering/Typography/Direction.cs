using System.Globalization;
using System.Text;

namespace ExplainService.Rendering.Typography;

/// <summary>
/// Reading direction by pieces. Inside a piece the viewer (or HarfBuzz) orders characters; between pieces, which are positioned one by one,
/// this does, as the Unicode bidirectional algorithm (UAX #9) orders runs of one embedding level.
/// </summary>
public static class Direction
{
    /// <summary>Whether the first letter reads from right to left; null where there is none.</summary>
    public static bool? Of(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsRightToLeft(rune.Value))
            {
                return true;
            }

            if (Rune.IsLetter(rune))
            {
                return false;
            }
        }

        return null;
    }

    /// <summary>The order from left to right of pieces that are read in the order of their indices.</summary>
    /// <param name="pieces">Direction of each piece; null for those without a letter, which follow their neighbours.</param>
    /// <param name="rightToLeft">Direction of the line.</param>
    public static int[] VisualOrder(IReadOnlyList<bool?> pieces, bool rightToLeft)
    {
        var resolved = new bool[pieces.Count];
        for (var at = 0; at < pieces.Count; at++)
        {
            if (pieces[at] is { } strong)
            {
                resolved[at] = strong;
                continue;
            }

            var before = at == 0 ? rightToLeft : resolved[at - 1];
            var next = at + 1;
            while (next < pieces.Count && pieces[next] is null)
            {
                next++;
            }

            var after = next == pieces.Count ? rightToLeft : pieces[next]!.Value;
            resolved[at] = before == after ? before : rightToLeft;
        }

        var order = Enumerable.Range(0, pieces.Count).ToArray();
        for (var start = 0; start < order.Length; )
        {
            var end = start + 1;
            while (end < order.Length && resolved[end] == resolved[start])
            {
                end++;
            }

            if (resolved[start] != rightToLeft)
            {
                Array.Reverse(order, start, end - start);
            }

            start = end;
        }

        if (rightToLeft)
        {
            Array.Reverse(order);
        }

        return order;
    }

    private static bool IsRightToLeft(int rune) =>
        rune switch
        {
            // Digits of Arabic read from left to right.
            (>= 0x0660 and <= 0x0669) or (>= 0x06F0 and <= 0x06F9) => false,
            (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) => IsLetter(rune),
            (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF) => true,
            _ => false,
        };

    private static bool IsLetter(int rune) =>
        CharUnicodeInfo.GetUnicodeCategory(rune) is UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter;
}
