using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
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
        json.Optional("Regex") is not null
            ? new RegexPattern(OnigurumaRegex.Translate(json.Text("Regex")))
            : new LiteralPattern(json.Text("String"));
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

/// <summary>Matches of a regular expression. Characters beyond the BMP are matched by stand-ins of their class.</summary>
internal sealed class RegexPattern(Regex regex) : TextPattern
{
    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            Find(text, null, text.Length, matches);
            return;
        }

        // .NET's engine reads UTF-16 code units, so that \p{L} misses letters such as 𝖍; one stand-in unit a character mends that.
        var standIns = new char[text.Length];
        var positions = new int[text.Length + 1];
        var (count, at) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            positions[count] = at;
            standIns[count++] = rune.IsBmp ? (char)rune.Value : OnigurumaRegex.StandIn(rune);
            at += rune.Utf16SequenceLength;
        }

        positions[count] = text.Length;
        Find(standIns.AsSpan(0, count), positions, text.Length, matches);
    }

    private void Find(ReadOnlySpan<char> text, int[]? positions, int length, List<TextMatch> matches)
    {
        var done = 0;
        foreach (var match in regex.EnumerateMatches(text))
        {
            var start = positions is null ? match.Index : positions[match.Index];
            var end = positions is null ? match.Index + match.Length : positions[match.Index + match.Length];
            if (done < start)
            {
                matches.Add(new TextMatch(done, start - done, false));
            }

            if (start < end)
            {
                matches.Add(new TextMatch(start, end - start, true));
            }

            done = end;
        }

        if (done < length)
        {
            matches.Add(new TextMatch(done, length - done, false));
        }
    }
}
