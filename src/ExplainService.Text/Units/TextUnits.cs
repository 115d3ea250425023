namespace ExplainService.Text.Units;

/// <summary>A stretch of a text, in UTF-16 code units.</summary>
public sealed record TextSpan(int Start, int End);

/// <summary>Cuts a text into words, sentences or paragraphs by Unicode's rules (UAX #29), as the ICU library knows them.</summary>
public static class TextUnits
{
    /// <summary>The units in order, without overlap and without outer white space; stretches of white space are none.</summary>
    /// <exception cref="DllNotFoundException">The system has no ICU library.</exception>
    public static IReadOnlyList<TextSpan> Split(string text, Granularity granularity) => [.. Spans(text, granularity)];

    /// <summary>The same one by one: a text is only read as far as they are asked for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="granularity">Not tokens.</param>
    /// <param name="cancellationToken">Nobody waits for them any more.</param>
    public static IEnumerable<TextSpan> Spans(string text, Granularity granularity, CancellationToken cancellationToken = default) =>
        granularity switch
        {
            Granularity.Word or Granularity.Sentence => Between(
                Boundaries.Of(text, granularity, Boundaries.Stretch, cancellationToken),
                text
            ),
            Granularity.Paragraph => Paragraphs(text),
            _ => throw new ArgumentOutOfRangeException(nameof(granularity), "tokens are units of the encoding, not of the text"),
        };

    private static IEnumerable<TextSpan> Between(IEnumerable<int> boundaries, string text)
    {
        var start = 0;
        foreach (var end in boundaries)
        {
            if (Trimmed(text, start, end) is { } span)
            {
                yield return span;
            }

            start = end;
        }
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
        if (Trimmed(text, start, end) is { } span)
        {
            spans.Add(span);
        }
    }

    private static TextSpan? Trimmed(string text, int start, int end)
    {
        end = WhiteSpace.End(text, start, end);
        start = WhiteSpace.Skip(text, start, end);
        return end > start ? new TextSpan(start, end) : null;
    }
}
