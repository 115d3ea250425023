using System.Text;
using ExplainService.Text.Alignment;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Normalizers;

/// <summary>BERT's text cleaning (Devlin et al. 2019), step by step as <c>BertNormalizer</c> orders it.</summary>
internal sealed class BertNormalizer : INormalizer
{
    private static readonly CodePointSet Accents = UnicodeTable.Crates["bert-accents"];
    private static readonly CodePointSet Removed = UnicodeTable.Crates["bert-removed"];
    private static readonly CodePointSet Spaces = UnicodeTable.Crates["bert-space"];
    private readonly NormalizerSequence steps;

    public BertNormalizer(bool cleanText, bool spaceChinese, bool stripAccents, bool lowercase)
    {
        List<INormalizer> list = [];
        if (cleanText)
        {
            list.Add(new CharacterMap(Clean, unit => unit is >= ' ' and < '\u007F'));
        }

        if (spaceChinese)
        {
            list.Add(new ChineseSpacing());
        }

        if (stripAccents)
        {
            list.Add(new UnicodeForm(NormalizationForm.FormD));
            list.Add(new CharacterMap(rune => Accents.Contains(rune.Value) ? null : rune, unit => unit < '\u0300'));
        }

        if (lowercase)
        {
            list.Add(new LowercaseNormalizer());
        }

        steps = new NormalizerSequence(list);
    }

    public AlignedText Normalize(AlignedText text) => steps.Normalize(text);

    /// <summary>Control characters, formats and private ones go, white space becomes a space.</summary>
    private static Rune? Clean(Rune rune) =>
        Removed.Contains(rune.Value) ? null
        : Spaces.Contains(rune.Value) ? new Rune(' ')
        : rune;

    private sealed class ChineseSpacing : INormalizer
    {
        public AlignedText Normalize(AlignedText text)
        {
            if (!text.Span.ContainsAnyInRange('\u3400', '\uFAFF'))
            {
                return text;
            }

            var result = new AlignedText(text.Length * 2);
            for (var i = 0; i < text.Length; i += text.RuneLength(i))
            {
                var (rune, start, end) = (text.RuneAt(i), text.StartAt(i), text.EndAt(i));
                if (!IsChinese(rune.Value))
                {
                    result.Append(rune, start, end);
                    continue;
                }

                result.Append(' ', start, end);
                result.Append(rune, start, end);
                result.Append(' ', start, end);
            }

            return result;
        }

        private static bool IsChinese(int value) =>
            value
                is (>= 0x4E00 and <= 0x9FFF)
                    or (>= 0x3400 and <= 0x4DBF)
                    or (>= 0x20000 and <= 0x2A6DF)
                    or (>= 0x2A700 and <= 0x2B73F)
                    or (>= 0x2B740 and <= 0x2B81F)
                    or (>= 0x2B920 and <= 0x2CEAF)
                    or (>= 0xF900 and <= 0xFAFF)
                    or (>= 0x2F800 and <= 0x2FA1F);
    }
}
