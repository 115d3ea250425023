using ExplainService.Text.Alignment;

namespace ExplainService.Text.Normalizers;

/// <summary>Lower case, character by character and without a culture.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var result = new AlignedText(text.Length);
        for (var i = 0; i < text.Length; i += text.RuneLength(i))
        {
            var (rune, start, end) = (text.RuneAt(i), text.StartAt(i), text.EndAt(i));
            if (rune.Value == 0x130)
            {
                // İ is the one character whose lower case has two; .NET's invariant mapping leaves it alone.
                result.Append('i', start, end);
                result.Append('\u0307', start, end);
            }
            else
            {
                result.Append(Characters.ToLower(rune), start, end);
            }
        }

        return result;
    }
}
