using System.Text;
using ExplainService.Text.Alignment;
using ExplainService.Text.Unicode;
using Icu.Normalization;

namespace ExplainService.Text.Normalizers;

/// <summary>
/// NFC, NFD, NFKC and NFKD (UAX #15). .NET's own normalisation says nothing about which character came from where, so that the steps
/// (decompose, order, compose) are done here and only the data of single characters is asked for.
/// </summary>
internal sealed class UnicodeForm(NormalizationForm form) : INormalizer
{
    /// <summary>.NET refuses to normalise text with U+FFFE, which has no decomposition anyway.</summary>
    private const char NotACharacter = '\uFFFE';

    /// <summary>A character of a later Unicode than the reference's neither decomposes nor combines there.</summary>
    private static readonly CodePointSet Decomposing = UnicodeTable.Crates["decomposing"];
    private static readonly CodePointSet Combining = UnicodeTable.Crates["combining"];
    private static readonly Lazy<Normalizer2> Classes = new(() => Normalizer2.GetNFDInstance());
    private readonly NormalizationForm decomposed = form is NormalizationForm.FormC or NormalizationForm.FormD
        ? NormalizationForm.FormD
        : NormalizationForm.FormKD;

    public AlignedText Normalize(AlignedText text)
    {
        if (Ascii.IsValid(text.Span) || (!text.Span.Contains(NotACharacter) && text.Span.IsNormalized(form)))
        {
            return text;
        }

        var changes = Decompose(text);
        return text.Transform(form is NormalizationForm.FormC or NormalizationForm.FormKC ? Compose(changes) : changes);
    }

    private List<(Rune Value, int Change)> Decompose(AlignedText text)
    {
        List<(Rune Value, int Change)> result = [];
        List<(Rune Value, int Change, int Class)> marks = [];
        for (var i = 0; i < text.Length; i += text.RuneLength(i))
        {
            var source = text.RuneAt(i);
            var change = 0;
            if (source.IsAscii || !Decomposing.Contains(source.Value))
            {
                Add(source, 0);
                continue;
            }

            foreach (var rune in source.ToString().Normalize(decomposed).EnumerateRunes())
            {
                Add(rune, change);
                change = 1;
            }
        }

        Order();
        return result;

        void Add(Rune rune, int change)
        {
            if (CombiningClass(rune) is > 0 and var combining)
            {
                marks.Add((rune, change, combining));
                return;
            }

            Order();
            result.Add((rune, change));
        }

        // Canonical ordering: a mark moves in front of marks of a higher class, never across a starter. All marks of a starter at once,
        // as a text may have a million of them in a row.
        void Order()
        {
            if (marks.Count > 0)
            {
                result.AddRange(marks.OrderBy(mark => mark.Class).Select(mark => (mark.Value, mark.Change)));
                marks.Clear();
            }
        }
    }

    private static List<(Rune Value, int Change)> Compose(List<(Rune Value, int Change)> input)
    {
        List<(Rune Value, int Change)> result = new(input.Count);
        var (starter, lastClass) = (-1, -1);
        foreach (var (rune, change) in input)
        {
            var combining = CombiningClass(rune);

            // A mark is blocked by one of its own class or by a starter between it and the starter it would join.
            if (starter >= 0 && lastClass < combining && Pair(result[starter].Value, rune) is { } composed)
            {
                result[starter] = (composed, result[starter].Change + change - 1);
                continue;
            }

            if (starter >= 0 && combining == 0 && lastClass == -1 && Pair(result[starter].Value, rune) is { } joined)
            {
                result[starter] = (joined, result[starter].Change + change - 1);
                continue;
            }

            result.Add((rune, change));
            (starter, lastClass) = combining == 0 ? (result.Count - 1, -1) : (starter, combining);
        }

        return result;
    }

    private static Rune? Pair(Rune first, Rune second)
    {
        if (second.Value is < 0x300 or NotACharacter || first.Value == NotACharacter)
        {
            return null;
        }

        var composed = (first.ToString() + second).Normalize(NormalizationForm.FormC);
        return
            Rune.DecodeFromUtf16(composed, out var rune, out var used) == System.Buffers.OperationStatus.Done
            && used == composed.Length
            && Decomposing.Contains(rune.Value)
            ? rune
            : null;
    }

    private static int CombiningClass(Rune rune) =>
        rune.Value < 0x300 || !Combining.Contains(rune.Value) ? 0 : Classes.Value.GetCombiningClass(rune.Value);
}
