using Icu;

namespace ExplainService.Text.Units;

/// <summary>A stretch of a text, in UTF-16 code units.</summary>
public sealed record TextSpan(int Start, int End);

/// <summary>Cuts a text into words, sentences or paragraphs by Unicode's rules (UAX #29), as the ICU library knows them.</summary>
public static class TextUnits
{
    private static readonly Locale Root = new("root");
    private static readonly Lock Gate = new();

    /// <summary>The units in order, without overlap and without outer white space; stretches of white space are none.</summary>
    /// <exception cref="DllNotFoundException">The system has no ICU library.</exception>
    public static IReadOnlyList<TextSpan> Split(string text, Granularity granularity) =>
        granularity switch
        {
            Granularity.Word => Boundaries(text, BreakIterator.UBreakIteratorType.WORD),
            Granularity.Sentence => Boundaries(text, BreakIterator.UBreakIteratorType.SENTENCE),
            Granularity.Paragraph => Paragraphs(text),
            _ => throw new ArgumentOutOfRangeException(nameof(granularity), "tokens are units of the encoding, not of the text"),
        };

    private static List<TextSpan> Boundaries(string text, BreakIterator.UBreakIteratorType kind)
    {
        int[] boundaries;

        // icu.net loads the library's functions on first use, which is not safe from several threads.
        lock (Gate)
        {
            using var iterator =
                kind == BreakIterator.UBreakIteratorType.WORD
                    ? BreakIterator.CreateWordInstance(Root)
                    : BreakIterator.CreateSentenceInstance(Root);
            iterator.SetText(text);
            boundaries = iterator.Boundaries;
        }

        var spans = new List<TextSpan>(boundaries.Length);
        for (var i = 0; i + 1 < boundaries.Length; i++)
        {
            Add(spans, text, boundaries[i], boundaries[i + 1]);
        }

        return spans;
    }

    /// <summary>One or more empty (or blank) lines separate paragraphs; a single line break does not.</summary>
    private static List<TextSpan> Paragraphs(string text)
    {
        var spans = new List<TextSpan>();
        var (start, blank) = (0, true);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is not ('\n' or '\r' or '\u2029'))
            {
                blank &= char.IsWhiteSpace(text[i]);
                continue;
            }

            if (i == text.Length || text[i] == '\u2029' || blank)
            {
                Add(spans, text, start, i);
                start = i;
            }

            if (i + 1 < text.Length && text[i] == '\r' && text[i + 1] == '\n')
            {
                i++;
            }

            blank = true;
        }

        Add(spans, text, Math.Max(start, spans.Count == 0 ? 0 : spans[^1].End), text.Length);
        return spans;
    }

    private static void Add(List<TextSpan> spans, string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (end > start)
        {
            spans.Add(new TextSpan(start, end));
        }
    }
}
