using System.Globalization;
using System.Text;

namespace ExplainService.Text.Alignment;

/// <summary>The character classes that the tokenizers of Hugging Face name.</summary>
internal static class Characters
{
    public static bool IsWhiteSpace(Rune rune) => Rune.IsWhiteSpace(rune);

    /// <summary>ASCII punctuation (symbols such as <c>$</c> and <c>+</c> too) or a Unicode category P.</summary>
    public static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? char.IsAsciiLetterOrDigit((char)rune.Value) is false && rune.Value is > 32 and < 127 : Rune.IsPunctuation(rune);

    /// <summary>Categories Nd, Nl and No.</summary>
    public static bool IsNumeric(Rune rune) => Rune.IsNumber(rune);

    public static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;

    /// <summary>
    /// Regex <c>\w</c> as Rust's Unicode tables have it: letters, marks, decimal digits, letter numbers, connectors, joiners.
    /// </summary>
    public static bool IsWord(Rune rune) =>
        Rune.IsLetter(rune)
        || IsMark(rune)
        || rune.Value is 0x200C or 0x200D
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.ConnectorPunctuation
        || rune.Value
            is (>= 0x24B6 and <= 0x24E9)
                or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169)
                or (>= 0x1F170 and <= 0x1F189);

    /// <summary>The simple lower-case mapping, and the one character whose full mapping has two.</summary>
    public static Rune ToLower(Rune rune) =>
        rune.IsAscii && rune.Value is >= 'A' and <= 'Z' ? new Rune(rune.Value | 0x20) : Rune.ToLowerInvariant(rune);
}
