namespace ExplainService.Text.Units;

/// <summary>A unit of a text with the tokens that belong to it.</summary>
/// <param name="Start">Start in the text, UTF-16.</param>
/// <param name="End">End in the text, UTF-16.</param>
/// <param name="Tokens">Indices of its tokens in the encoding.</param>
public sealed record TextUnit(int Start, int End, IReadOnlyList<int> Tokens);

/// <summary>Which tokens belong to which stretch of the text.</summary>
public static class UnitGrouping
{
    /// <summary>
    /// Every token belongs to the span that holds its first character that is no white space; where none does, to the next span, after the
    /// last to the last. Spans that share a token are one unit: the model sees nothing of where one ends. Spans without tokens are left
    /// out.
    /// </summary>
    /// <param name="encoding">The tokens.</param>
    /// <param name="sequence">0 for the text, 1 for the pair.</param>
    /// <param name="text">That text.</param>
    /// <param name="spans">In order, without overlap.</param>
    public static IReadOnlyList<TextUnit> Group(Encoding encoding, int sequence, string text, IReadOnlyList<TextSpan> spans) =>
        [.. Members(encoding, sequence, text, Joined(encoding, sequence, text, spans), strays: true).Where(unit => unit.Tokens.Count > 0)];

    /// <summary>
    /// The spans, each with the tokens whose first character that is no white space it holds; other tokens belong to none.
    /// </summary>
    /// <inheritdoc cref="Group"/>
    public static IReadOnlyList<TextUnit> Inside(Encoding encoding, int sequence, string text, IReadOnlyList<TextSpan> spans) =>
        Members(encoding, sequence, text, spans, strays: false);

    /// <summary>
    /// One unit for each token of a sequence. A piece that stands for no character of its own covers nothing: the mark of a word's beginning
    /// where no space was, the further pieces of one character.
    /// </summary>
    /// <param name="encoding">The tokens.</param>
    /// <param name="sequence">0 for the text, 1 for the pair.</param>
    /// <param name="text">That text.</param>
    public static IReadOnlyList<TextUnit> Tokens(Encoding encoding, int sequence, string text)
    {
        var units = new List<TextUnit>();
        var end = 0;
        foreach (var (index, token) in encoding.Tokens.Index().Where(token => IsOf(token.Item, sequence)))
        {
            var from = Math.Max(end, token.Start);
            end = StandsForNothing(token, text) ? from : Math.Max(from, token.End);
            units.Add(new TextUnit(from, end, [index]));
        }

        return units;
    }

    private static bool IsOf(Token token, int sequence) => token.Sequence == sequence && !token.Special;

    /// <summary>SentencePiece's mark of a beginning, at the place of the letter before which no space was.</summary>
    private static bool StandsForNothing(Token token, string text) =>
        token.Text == "▁" && token.Start < token.End && !char.IsWhiteSpace(text[token.Start]);

    /// <summary>The spans, those that a token has characters of made one.</summary>
    private static List<TextSpan> Joined(Encoding encoding, int sequence, string text, IReadOnlyList<TextSpan> spans)
    {
        var joined = new List<TextSpan>(spans.Count);
        var lastOf = new int[spans.Count];
        for (var span = 0; span < spans.Count; span++)
        {
            lastOf[span] = span;
        }

        foreach (var token in encoding.Tokens.Where(token => spans.Count > 0 && IsOf(token, sequence)))
        {
            var (start, end) = (WhiteSpace.Skip(text, token.Start, token.End), WhiteSpace.End(text, token.Start, token.End));
            if (start < end)
            {
                var (first, last) = (SpanOf(spans, start), SpanOf(spans, end - 1));
                last = spans[last].Start < end ? last : last - 1;
                lastOf[first] = Math.Max(lastOf[first], last);
            }
        }

        for (var span = 0; span < spans.Count; span++)
        {
            var (first, last) = (span, lastOf[span]);
            for (; span < last; last = Math.Max(last, lastOf[span]))
            {
                span++;
            }

            joined.Add(first == last ? spans[first] : new TextSpan(spans[first].Start, spans[last].End));
        }

        return joined;
    }

    private static TextUnit[] Members(Encoding encoding, int sequence, string text, IReadOnlyList<TextSpan> spans, bool strays)
    {
        var members = new List<int>[spans.Count];
        for (var index = 0; index < encoding.Tokens.Count && spans.Count > 0; index++)
        {
            var token = encoding.Tokens[index];
            if (!IsOf(token, sequence))
            {
                continue;
            }

            var first = WhiteSpace.Skip(text, token.Start, token.End);
            var span = SpanOf(spans, first);
            if (strays || (spans[span].Start <= first && first < spans[span].End))
            {
                (members[span] ??= []).Add(index);
            }
        }

        return [.. spans.Zip(members, (span, tokens) => new TextUnit(span.Start, span.End, tokens ?? []))];
    }

    /// <summary>The first span that ends after the position, by binary search.</summary>
    private static int SpanOf(IReadOnlyList<TextSpan> spans, int position)
    {
        var (low, high) = (0, spans.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (spans[middle].End > position)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
