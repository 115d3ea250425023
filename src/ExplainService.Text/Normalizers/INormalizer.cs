using ExplainService.Text.Alignment;

namespace ExplainService.Text.Normalizers;

/// <summary>Rewrites text before it is cut and looked up, and keeps every character's range in the caller's text.</summary>
internal interface INormalizer
{
    /// <summary>The rewritten text; may be <paramref name="text"/> itself, which is never changed.</summary>
    AlignedText Normalize(AlignedText text);
}

/// <summary>Several normalisers, one after another.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> steps) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        foreach (var step in steps)
        {
            text = step.Normalize(text);
        }

        return text;
    }
}

/// <summary>Maps or removes single characters; each keeps its own range.</summary>
/// <param name="map">The character's replacement, or null to remove it.</param>
/// <param name="untouched">Whether a character surely stays as it is; text of only such characters is returned as it is.</param>
internal sealed class CharacterMap(Func<System.Text.Rune, System.Text.Rune?> map, Func<char, bool> untouched) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var from = 0;
        while (from < text.Length && untouched(text[from]))
        {
            from++;
        }

        if (from == text.Length)
        {
            return text;
        }

        var result = new AlignedText(text.Length);
        for (var i = 0; i < text.Length; i += text.RuneLength(i))
        {
            if (map(text.RuneAt(i)) is { } mapped)
            {
                result.Append(mapped, text.StartAt(i), text.EndAt(i));
            }
        }

        return result;
    }
}
