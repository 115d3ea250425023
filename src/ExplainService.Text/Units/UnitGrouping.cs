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
    /// last to the last. Spans without tokens are left out.
    /// </summary>
    /// <param name="encoding">The tokens.</param>
    /// <param name="sequence">0 for the text, 1 for the pair.</param>
    /// <param name="text">That text.</param>
    /// <param name="spans">In order, without overlap.</param>
    public static IReadOnlyList<TextUnit> Group(Encoding encoding, int sequence, string text, IReadOnlyList<TextSpan> spans) =>
        [.. Members(encoding, sequence, text, spans, strays: true).Where(unit => unit.Tokens.Count > 0)];

    /// <summary>
    /// The spans, each with the tokens whose first character that is no white space it holds; other tokens belong to none.
    /// </summary>
    /// <inheritdoc cref="Group"/>
    public static IReadOnlyList<TextUnit> Inside(Encoding encoding, int sequence, string text, IReadOnlyList<TextSpan> spans) =>
        Members(encoding, sequence, text, spans, strays: false);

    /// <summary>One unit for each token of a sequence, with the token's own offsets.</summary>
    public static IReadOnlyList<TextUnit> Tokens(Encoding encoding, int sequence) =>
        [
            .. Enumerable
                .Range(0, encoding.Tokens.Count)
                .Where(index => encoding.Tokens[index].Sequence == sequence && !encoding.Tokens[index].Special)
                .Select(index => new TextUnit(encoding.Tokens[index].Start, encoding.Tokens[index].End, [index])),
        ];

    private static TextUnit[] Members(Encoding encoding, int sequence, string text, IReadOnlyList<TextSpan> spans, bool strays)
    {
        var members = new List<int>[spans.Count];
        for (var index = 0; index < encoding.Tokens.Count && spans.Count > 0; index++)
        {
            var token = encoding.Tokens[index];
            if (token.Sequence != sequence || token.Special)
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
