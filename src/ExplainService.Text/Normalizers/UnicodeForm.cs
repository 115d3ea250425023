using System.Text;
using ExplainService.Text.Alignment;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Normalizers;

/// <summary>
/// NFC, NFD, NFKC and NFKD (UAX #15). .NET's and ICU's own normalisation says nothing about which character came from where, and inserts
/// marks one by one, which takes quadratic time for a long run of them: the steps (decompose, order, compose) are done here.
/// </summary>
internal sealed class UnicodeForm(NormalizationForm form) : INormalizer
{
    /// <summary>One more than the highest combining class.</summary>
    private const int Classes = 256;

    private readonly bool composes = form is NormalizationForm.FormC or NormalizationForm.FormKC;
    private readonly bool compatible = form is NormalizationForm.FormKC or NormalizationForm.FormKD;

    public AlignedText Normalize(AlignedText text)
    {
        // Composed Latin and ASCII: nothing below the first combining mark is changed by NFC, nothing below À by NFD.
        var first = form switch
        {
            NormalizationForm.FormC => '\u0300',
            NormalizationForm.FormD => '\u00C0',
            _ => '\u00A0',
        };
        if (!text.Span.ContainsAnyInRange(first, char.MaxValue))
        {
            return text;
        }

        var changes = Decompose(text);
        return text.Transform(composes ? Compose(changes) : changes);
    }

    private List<(Rune Value, int Change)> Decompose(AlignedText text)
    {
        List<(Rune Value, int Change)> result = new(text.Length);
        List<(Rune Value, int Change, int Class)> marks = [];
        List<Rune> parts = [];
        for (int i = 0, read = 0; i < text.Length; i += text.RuneLength(i), read++)
        {
            TextWork.Check(read);
            parts.Clear();
            CharacterData.Decompose(text.RuneAt(i), compatible, parts);
            var change = 0;
            foreach (var rune in parts)
            {
                Add(rune, change);
                change = 1;
            }
        }

        Order(marks, result);
        return result;

        void Add(Rune rune, int change)
        {
            if (CharacterData.CombiningClass(rune) is > 0 and var combining)
            {
                marks.Add((rune, change, combining));
                return;
            }

            Order(marks, result);
            result.Add((rune, change));
        }
    }

    /// <summary>
    /// Canonical ordering: a mark moves in front of marks of a higher class, never across a starter. All marks of a starter at once and by
    /// counting, as a text may have a million of them in a row.
    /// </summary>
    private static void Order(List<(Rune Value, int Change, int Class)> marks, List<(Rune Value, int Change)> result)
    {
        if (marks.Count == 0)
        {
            return;
        }

        Span<int> places = stackalloc int[Classes + 1];
        places.Clear();
        foreach (var mark in marks)
        {
            places[mark.Class + 1]++;
        }

        for (var one = 1; one <= Classes; one++)
        {
            places[one] += places[one - 1];
        }

        var from = result.Count;
        System.Runtime.InteropServices.CollectionsMarshal.SetCount(result, from + marks.Count);
        foreach (var (value, change, combining) in marks)
        {
            result[from + places[combining]++] = (value, change);
        }

        marks.Clear();
    }

    private static List<(Rune Value, int Change)> Compose(List<(Rune Value, int Change)> input)
    {
        List<(Rune Value, int Change)> result = new(input.Count);
        var (starter, lastClass) = (-1, -1);
        for (var i = 0; i < input.Count; i++)
        {
            TextWork.Check(i);
            var (rune, change) = input[i];
            var combining = CharacterData.CombiningClass(rune);

            // A mark is blocked by one of its own class or by a starter between it and the starter it would join.
            if (starter >= 0 && lastClass < combining && CharacterData.Compose(result[starter].Value, rune) is { } composed)
            {
                result[starter] = (composed, result[starter].Change + change - 1);
                continue;
            }

            result.Add((rune, change));
            (starter, lastClass) = combining == 0 ? (result.Count - 1, -1) : (starter, combining);
        }

        return result;
    }
}
