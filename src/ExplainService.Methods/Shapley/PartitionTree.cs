using System.Globalization;

namespace ExplainService.Methods.Shapley;

/// <summary>A unit of a text: the piece of text and where it is, in UTF-16 units of the text.</summary>
public readonly record struct PartitionUnit(string Text, int Start, int End);

/// <summary>
/// A binary hierarchy of adjacent units: the group of units from <see cref="First"/> up to, not including, <see cref="End"/>, and its
/// two halves unless it is a single unit.
/// </summary>
public sealed record PartitionTree(int First, int End, PartitionTree? Left, PartitionTree? Right)
{
    /// <summary>How many units the group has.</summary>
    public int Count => End - First;

    /// <summary>Halves of halves, for units of which nothing is known; null for none.</summary>
    public static PartitionTree? Halves(int units) => units == 0 ? null : Split(new int[units], 0, units);

    /// <summary>
    /// Groups units as the text is put together: paragraphs, lines, sentences, clauses, phrases, words, pieces of words. A group is
    /// split where the strongest boundary inside it lies; of equal ones, at the one nearest to the middle, then at the first.
    /// </summary>
    /// <param name="text">The text that the units' offsets point into.</param>
    /// <param name="units">In text order.</param>
    /// <returns>Null for no units.</returns>
    public static PartitionTree? Of(string text, IReadOnlyList<PartitionUnit> units)
    {
        if (units.Count == 0)
        {
            return null;
        }

        var boundaries = new int[units.Count];
        for (var after = 0; after + 1 < units.Count; after++)
        {
            boundaries[after] = (int)Between(text, units[after], units[after + 1]);
        }

        return Split(boundaries, 0, units.Count);
    }

    private static PartitionTree Split(int[] boundaries, int first, int end)
    {
        if (end - first == 1)
        {
            return new PartitionTree(first, end, null, null);
        }

        var best = first;
        for (var after = first; after < end - 1; after++)
        {
            if (
                boundaries[after] > boundaries[best]
                || (boundaries[after] == boundaries[best] && Distance(after, first, end) < Distance(best, first, end))
            )
            {
                best = after;
            }
        }

        return new PartitionTree(first, end, Split(boundaries, first, best + 1), Split(boundaries, best + 1, end));
    }

    private static int Distance(int after, int first, int end) => Math.Abs((2 * (after + 1)) - first - end);

    private static Boundary Between(string text, PartitionUnit left, PartitionUnit right)
    {
        var gap = left.End <= right.Start && left.End >= 0 && right.Start <= text.Length ? text[left.End..right.Start] : "";
        var lines = gap.Count(character => character is '\n' or '\u2028' or '\u2029');
        if (lines > 0)
        {
            return lines > 1 || gap.Contains('\u2029', StringComparison.Ordinal) ? Boundary.Paragraph : Boundary.Line;
        }

        // What closes stays with what it closes, and what opens with what it opens, whether it is a unit or part of one.
        var before = left.Text + gap.TrimEnd();
        if (gap.Trim().Length == 0 && (right.Text.All(Closes) || left.Text.All(Opens)))
        {
            return Boundary.Attached;
        }

        var ending = Ending(before);
        if (
            ending != Boundary.Attached
            && (gap.Length > 0 || !char.IsLetterOrDigit(left.Text.LastOrDefault('a')) || Ideographic(right.Text))
        )
        {
            return ending;
        }

        return right.Text.Length > 0 && Opens(right.Text[0]) ? Boundary.Phrase
            : gap.Length > 0 ? Boundary.Word
            : Boundary.Piece;
    }

    private static Boundary Ending(string text)
    {
        foreach (var character in text.TrimEnd().Reverse())
        {
            switch (character)
            {
                case '.' or '!' or '?' or '…' or '。' or '！' or '？' or '؟' or '।':
                    return Boundary.Sentence;
                case ';' or ':' or '；' or '：' or '؛' or '—' or '–':
                    return Boundary.Clause;
                case ',' or '，' or '、' or '،':
                    return Boundary.Phrase;
            }

            if (!Closes(character))
            {
                break;
            }
        }

        return Boundary.Attached;
    }

    private static bool Closes(char character) =>
        character is '"' or '\'' or '.' or ',' or '!' or '?' or ';' or ':'
        || char.GetUnicodeCategory(character) is UnicodeCategory.ClosePunctuation or UnicodeCategory.FinalQuotePunctuation
        || "…。！？，、；：،؛؟।".Contains(character, StringComparison.Ordinal);

    private static bool Opens(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.OpenPunctuation or UnicodeCategory.InitialQuotePunctuation;

    private static bool Ideographic(string text) => text.Length > 0 && char.GetUnicodeCategory(text[0]) == UnicodeCategory.OtherLetter;

    private enum Boundary
    {
        Attached,
        Piece,
        Word,
        Phrase,
        Clause,
        Sentence,
        Line,
        Paragraph,
    }
}
