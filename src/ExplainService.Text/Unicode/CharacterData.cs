using System.Collections.Frozen;
using System.Text;
using Icu.Normalization;

namespace ExplainService.Text.Unicode;

/// <summary>
/// How single characters decompose, combine and compose (UAX #15), asked once of .NET and ICU. Characters of a later Unicode than the
/// reference's do none of that. Hangul syllables are in no table: they follow from arithmetic (Unicode, 3.12).
/// </summary>
internal static class CharacterData
{
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;
    private const int Syllables = Leads * Vowels * Trails;

    private static readonly CodePointSet Decomposing = UnicodeTable.Crates["decomposing"];
    private static readonly Lazy<FrozenDictionary<int, Rune[]>> Canonical = new(() => Decompositions(NormalizationForm.FormD));
    private static readonly Lazy<FrozenDictionary<int, Rune[]>> Compatible = new(() => Decompositions(NormalizationForm.FormKD));
    private static readonly Lazy<FrozenDictionary<int, byte>> Classes = new(ReadClasses);
    private static readonly Lazy<FrozenDictionary<(int First, int Second), Rune>> Compositions = new(ReadCompositions);

    /// <summary>Appends the full decomposition of a character, or the character.</summary>
    /// <param name="rune">The character.</param>
    /// <param name="compatible">By compatibility too.</param>
    /// <param name="output">Where its parts go, as they stand in the table: not yet ordered with their neighbours.</param>
    public static void Decompose(Rune rune, bool compatible, List<Rune> output)
    {
        if (rune.Value - SyllableBase is >= 0 and < Syllables and var syllable)
        {
            output.Add(new Rune(LeadBase + (syllable / (Vowels * Trails))));
            output.Add(new Rune(VowelBase + (syllable / Trails % Vowels)));
            if (syllable % Trails > 0)
            {
                output.Add(new Rune(TrailBase + (syllable % Trails)));
            }
        }
        else if (!rune.IsAscii && (compatible ? Compatible : Canonical).Value.TryGetValue(rune.Value, out var parts))
        {
            output.AddRange(parts);
        }
        else
        {
            output.Add(rune);
        }
    }

    /// <summary>The canonical combining class; 0 for a starter.</summary>
    public static int CombiningClass(Rune rune) => rune.Value < 0x300 ? 0 : Classes.Value.GetValueOrDefault(rune.Value);

    /// <summary>The character that two compose to, or null.</summary>
    public static Rune? Compose(Rune first, Rune second)
    {
        if (second.Value < 0x300)
        {
            return null;
        }

        if (first.Value - LeadBase is >= 0 and < Leads and var lead && second.Value - VowelBase is >= 0 and < Vowels and var vowel)
        {
            return new Rune(SyllableBase + (((lead * Vowels) + vowel) * Trails));
        }

        if (
            first.Value - SyllableBase is >= 0 and < Syllables and var syllable
            && syllable % Trails == 0
            && second.Value - TrailBase is > 0 and < Trails and var trail
        )
        {
            return new Rune(first.Value + trail);
        }

        return Compositions.Value.TryGetValue((first.Value, second.Value), out var composed) ? composed : null;
    }

    private static FrozenDictionary<int, Rune[]> Decompositions(NormalizationForm form)
    {
        Dictionary<int, Rune[]> parts = [];
        foreach (var rune in Characters())
        {
            var decomposed = rune.ToString().Normalize(form).EnumerateRunes().ToArray();
            if (decomposed is not [var only] || only != rune)
            {
                parts[rune.Value] = decomposed;
            }
        }

        return parts.ToFrozenDictionary();
    }

    private static FrozenDictionary<int, byte> ReadClasses()
    {
        var data = Normalizer2.GetNFDInstance();
        return UnicodeTable
            .Crates["combining"]
            .Ranges.SelectMany(range => Enumerable.Range(range.From, range.To - range.From + 1))
            .ToFrozenDictionary(value => value, value => (byte)data.GetCombiningClass(value));
    }

    /// <summary>A character that composing gives composes from its last part and what all parts before it compose to.</summary>
    private static FrozenDictionary<(int First, int Second), Rune> ReadCompositions()
    {
        Dictionary<(int First, int Second), Rune> pairs = [];
        foreach (var (value, parts) in Canonical.Value)
        {
            var rune = new Rune(value);
            if (parts.Length > 1 && rune.ToString().IsNormalized(NormalizationForm.FormC))
            {
                var before = string.Concat(parts[..^1]).Normalize(NormalizationForm.FormC);
                if (
                    Rune.DecodeFromUtf16(before, out var first, out var used) == System.Buffers.OperationStatus.Done
                    && used == before.Length
                )
                {
                    pairs[(first.Value, parts[^1].Value)] = rune;
                }
            }
        }

        return pairs.ToFrozenDictionary();
    }

    /// <summary>The characters of the table but surrogates, noncharacters, which .NET refuses, and Hangul syllables.</summary>
    private static IEnumerable<Rune> Characters() =>
        Decomposing
            .Ranges.SelectMany(range => Enumerable.Range(range.From, range.To - range.From + 1))
            .Where(value => Rune.IsValid(value) && value - SyllableBase is < 0 or >= Syllables)
            .Select(value => new Rune(value));
}
