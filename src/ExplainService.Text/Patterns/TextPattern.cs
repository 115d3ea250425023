using System.Text;
using System.Text.Json;
using ExplainService.Text.Json;

namespace ExplainService.Text.Patterns;

/// <summary>A stretch that a pattern matched, or the gap before, between or after matches.</summary>
internal readonly record struct TextMatch(int Start, int Length, bool IsMatch);

/// <summary>Divides a text into matches and gaps that cover it.</summary>
internal abstract class TextPattern
{
    /// <summary>Appends matches and gaps in order; none of them is empty.</summary>
    public abstract void Find(ReadOnlySpan<char> text, List<TextMatch> matches);

    /// <summary>Reads <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
    public static TextPattern Read(JsonElement json) =>
        json.Optional("Regex") is not null ? OnigurumaRegex.Translate(json.Text("Regex")) : new LiteralPattern(json.Text("String"));
}

/// <summary>Every single character for which <paramref name="predicate"/> holds is a match.</summary>
internal sealed class CharacterPattern(Func<Rune, bool> predicate) : TextPattern
{
    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        var (done, at) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (predicate(rune))
            {
                if (done < at)
                {
                    matches.Add(new TextMatch(done, at - done, false));
                }

                matches.Add(new TextMatch(at, rune.Utf16SequenceLength, true));
                done = at + rune.Utf16SequenceLength;
            }

            at += rune.Utf16SequenceLength;
        }

        if (done < text.Length)
        {
            matches.Add(new TextMatch(done, text.Length - done, false));
        }
    }
}

/// <summary>Occurrences of a fixed text.</summary>
internal sealed class LiteralPattern(string literal) : TextPattern
{
    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        var done = 0;
        while (literal.Length > 0 && text[done..].IndexOf(literal, StringComparison.Ordinal) is >= 0 and var gap)
        {
            if (gap > 0)
            {
                matches.Add(new TextMatch(done, gap, false));
            }

            matches.Add(new TextMatch(done + gap, literal.Length, true));
            done += gap + literal.Length;
        }

        if (done < text.Length)
        {
            matches.Add(new TextMatch(done, text.Length - done, false));
        }
    }
}
