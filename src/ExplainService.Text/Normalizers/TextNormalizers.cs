using System.Text;
using ExplainService.Text.Alignment;
using ExplainService.Text.Patterns;

namespace ExplainService.Text.Normalizers;

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var (start, end) = (0, text.Length);
        while (left && start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (right && end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return end - start == text.Length ? text : text.Slice(start, end - start);
    }
}

/// <summary>Replaces every match; the replacement shares the range of the match's last character, as Hugging Face has it.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        List<TextMatch> matches = [];
        pattern.Find(text.Span, matches);
        if (!matches.Exists(match => match.IsMatch))
        {
            return text;
        }

        var result = new AlignedText(text.Length + content.Length);
        foreach (var match in matches)
        {
            if (!match.IsMatch)
            {
                result.Append(text, match.Start, match.Length);
                continue;
            }

            var last = match.Start + match.Length - 1;
            var (start, end) = last < 0 ? (0, 0) : (text.StartAt(last), text.EndAt(last));
            foreach (var unit in content)
            {
                result.Append(unit, start, end);
            }
        }

        return result;
    }
}

/// <summary>Puts text in front of a text that is not empty; it shares the range of the first character.</summary>
internal sealed class PrependNormalizer(string content) : INormalizer
{
    public AlignedText Normalize(AlignedText text) => text.Length == 0 ? text : Prepend(new Piece(text, 0, text.Length), content);

    /// <summary>A new text: <paramref name="content"/> and the piece.</summary>
    public static AlignedText Prepend(Piece piece, string content)
    {
        var result = new AlignedText(piece.Length + content.Length);
        foreach (var unit in content)
        {
            result.Append(unit, piece.Text.StartAt(piece.Start), piece.Text.EndAt(piece.Start));
        }

        result.Append(piece.Text, piece.Start, piece.Length);
        return result;
    }
}

/// <summary>The character maps that need no state.</summary>
internal static class CharacterMaps
{
    /// <summary>Removes everything in category M.</summary>
    public static INormalizer StripAccents { get; } =
        new CharacterMap(rune => Characters.IsMark(rune) ? null : rune, unit => unit < '\u0300');

    /// <summary>SentencePiece's <c>nmt</c> rule: control characters go, exotic spaces become spaces.</summary>
    public static INormalizer Nmt { get; } =
        new CharacterMap(
            rune =>
                rune.Value switch
                {
                    (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F => null,
                    0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD =>
                        new Rune(' '),
                    _ => rune,
                },
            unit => unit is >= ' ' and < '\u007F'
        );
}

/// <summary>Writes the text as the stand-ins of its UTF-8 bytes.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var result = new AlignedText(text.Length * 2);
        ByteLevel.Append(new Piece(text, 0, text.Length), result);
        return result;
    }
}
