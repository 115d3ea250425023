using System.Globalization;
using System.Runtime.CompilerServices;
using ExplainService.Methods.Perturbation;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>What kind of piece of text each entry of a vocabulary is: one takes the place of another of its own kind only.</summary>
internal sealed class VocabularyPieces
{
    /// <summary>How WordPiece writes pieces that go on a word.</summary>
    private const string Continues = "##";

    private static readonly ConditionalWeakTable<Tokenizer, VocabularyPieces> Known = [];

    private readonly Tokenizer tokenizer;
    private readonly PieceKind[] kinds;

    private VocabularyPieces(Tokenizer tokenizer)
    {
        this.tokenizer = tokenizer;
        kinds = [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(KindOf)];
        HasSpaces = kinds.Any(kind => kind.HasFlag(PieceKind.AfterSpace | PieceKind.Letters));
    }

    /// <summary>Bits of what an entry is.</summary>
    [Flags]
    private enum PieceKind : byte
    {
        /// <summary>No text that could stand for another: special, broken, mixed.</summary>
        None = 0,
        Letters = 1,
        Digits = 2,
        Signs = 4,
        AfterSpace = 8,
        GoesOn = 16,
    }

    /// <summary>Whether words that follow a space begin with it.</summary>
    public bool HasSpaces { get; }

    /// <summary>Of a tokenizer; looked at once.</summary>
    public static VocabularyPieces Of(Tokenizer tokenizer) => Known.GetValue(tokenizer, static one => new VocabularyPieces(one));

    /// <summary>Whether two entries are pieces of the same kind.</summary>
    public bool AreAlike(int one, int other) =>
        one < kinds.Length && other < kinds.Length && kinds[one] == kinds[other] && kinds[one] != PieceKind.None;

    /// <summary>Whether an entry is a word by itself: letters that go on no other.</summary>
    /// <param name="id">The entry.</param>
    /// <param name="afterSpace">Whether a space is before it.</param>
    public bool IsWord(int id, bool afterSpace) =>
        id < kinds.Length
        && kinds[id] is var kind
        && (kind & ~PieceKind.AfterSpace) == PieceKind.Letters
        && (!HasSpaces || !afterSpace || kind.HasFlag(PieceKind.AfterSpace));

    /// <summary>An entry as text in the place of another: with its capitals, where the vocabulary has none.</summary>
    /// <param name="id">The entry.</param>
    /// <param name="instead">What stands in the place.</param>
    /// <param name="instance">The vocabulary's form of that; null: not known.</param>
    public string TextOf(int id, string instead, string? instance)
    {
        var text = Text(id);
        var isLowered = !(instance ?? text).Any(char.IsUpper);
        return instead.Length == 0 || text.Length == 0 || !char.IsUpper(instead[0]) || !isLowered ? text
            : instead.Length > 1 && !instead.Any(char.IsLower) ? text.ToUpperInvariant()
            : char.ToUpperInvariant(text[0]) + text[1..];
    }

    private string Text(int id)
    {
        var form = tokenizer.TokenText(id);
        return form.StartsWith(Continues, StringComparison.Ordinal) && form.Length > Continues.Length
            ? form[Continues.Length..]
            : tokenizer.Decode([id]).Trim();
    }

    private PieceKind KindOf(int id)
    {
        var form = tokenizer.TokenText(id);
        if (form.Length == 0 || tokenizer.IsSpecial(id) || id == tokenizer.Unknown)
        {
            return PieceKind.None;
        }

        var content = ContentOf(Text(id));
        return content == PieceKind.None ? PieceKind.None
            : form.StartsWith(Continues, StringComparison.Ordinal) ? content | PieceKind.GoesOn
            : LeadingSpace.Of([form]) == " " ? content | PieceKind.AfterSpace
            : content;
    }

    private static PieceKind ContentOf(string text)
    {
        var kind = PieceKind.None;
        foreach (var rune in text.EnumerateRunes())
        {
            kind |=
                System.Text.Rune.IsLetter(rune) || IsMark(rune) ? PieceKind.Letters
                : System.Text.Rune.IsDigit(rune) ? PieceKind.Digits
                : System.Text.Rune.IsPunctuation(rune) || System.Text.Rune.IsSymbol(rune) && rune.Value != '\uFFFD' ? PieceKind.Signs
                : PieceKind.Letters | PieceKind.Signs;
        }

        return kind is PieceKind.Letters or PieceKind.Digits or PieceKind.Signs ? kind : PieceKind.None;
    }

    private static bool IsMark(System.Text.Rune rune) =>
        System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
