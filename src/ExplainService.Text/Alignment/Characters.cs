using System.Collections.Frozen;
using System.Text;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Alignment;

/// <summary>
/// The character classes that the tokenizers of Hugging Face name, of the same Unicode versions: a symbol that became punctuation later, or
/// a mark that came later, was neither when the models were trained.
/// </summary>
internal static class Characters
{
    private static readonly CodePointSet Punctuation = UnicodeTable.Crates["punctuation"];
    private static readonly CodePointSet Numeric = UnicodeTable.Crates["numeric"];
    private static readonly CodePointSet Accents = UnicodeTable.Crates["accents"];
    private static readonly CodePointSet Word = UnicodeTable.Crates["word"];
    private static readonly FrozenDictionary<int, int> Lower = UnicodeTable.Crates.Shifts("lower");

    public static bool IsWhiteSpace(Rune rune) => Rune.IsWhiteSpace(rune);

    /// <summary>ASCII punctuation (symbols such as <c>$</c> and <c>+</c> too) or a Unicode category P.</summary>
    public static bool IsPunctuation(Rune rune) =>
        rune.IsAscii
            ? char.IsAsciiLetterOrDigit((char)rune.Value) is false && rune.Value is > 32 and < 127
            : Punctuation.Contains(rune.Value);

    /// <summary>Categories Nd, Nl and No.</summary>
    public static bool IsNumeric(Rune rune) => Numeric.Contains(rune.Value);

    /// <summary>Category M.</summary>
    public static bool IsMark(Rune rune) => Accents.Contains(rune.Value);

    /// <summary>Regex <c>\w</c> as Rust's Unicode tables have it: letters, marks, decimal digits, letter numbers, connectors, joiners.</summary>
    public static bool IsWord(Rune rune) => Word.Contains(rune.Value);

    /// <summary>The simple lower-case mapping.</summary>
    public static Rune ToLower(Rune rune) =>
        rune.IsAscii ? (rune.Value is >= 'A' and <= 'Z' ? new Rune(rune.Value | 0x20) : rune)
        : Lower.TryGetValue(rune.Value, out var lower) ? new Rune(lower)
        : rune;
}
