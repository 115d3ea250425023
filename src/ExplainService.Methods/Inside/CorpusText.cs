using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Text;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Inside;

/// <summary>A text of a corpus with its tokens, words and sentences.</summary>
internal sealed class CorpusText
{
    private const int MaxAround = 200;

    private readonly int number;
    private readonly string text;
    private readonly InputOffsets offsets;
    private readonly IReadOnlyList<TextSpan> sentences;

    /// <param name="number">Its place in the corpus.</param>
    /// <param name="text">The text.</param>
    /// <param name="encoding">Its tokens.</param>
    /// <param name="unit">What offsets count.</param>
    public CorpusText(int number, string text, Encoding encoding, OffsetUnit unit)
    {
        (this.number, this.text, offsets) = (number, text, new InputOffsets(unit, text, null));
        Tokens = encoding.Tokens;
        var end = Tokens.Where(token => token.Sequence == 0).Select(token => token.End).DefaultIfEmpty(0).Max();
        sentences = [.. Seen(Granularity.Sentence)];
        Words =
        [
            .. UnitGrouping
                .Group(encoding, 0, text, [.. Seen(Granularity.Word)])
                .Where(unit => unit.Tokens.Count > 0)
                .Select(unit => (text[unit.Start..Math.Min(unit.End, end)].Trim().ToLowerInvariant(), unit.Tokens))
                .Where(word => word.Item1.Length > 0),
        ];

        // The model may have read the beginning alone.
        IEnumerable<TextSpan> Seen(Granularity size) => TextUnits.Spans(text, size).TakeWhile(span => span.Start < end);
    }

    /// <summary>Its tokens, special ones too.</summary>
    public IReadOnlyList<Token> Tokens { get; }

    /// <summary>Its words in lower case, each with its tokens.</summary>
    public IReadOnlyList<(string Word, IReadOnlyList<int> Tokens)> Words { get; }

    /// <summary>Whether a token stands for a piece of the text.</summary>
    public bool IsOwn(int token) => Tokens[token] is { Special: false, Sequence: 0 };

    /// <summary>A token as an example of an activation.</summary>
    public NeuronExample Example(int token, double activation)
    {
        var (start, end) = (Tokens[token].Start, Tokens[token].End);
        var sentence = sentences.FirstOrDefault(span => span.Start <= start && start < span.End) ?? new TextSpan(0, text.Length);
        var around = Around(sentence, start, end);
        return new NeuronExample(
            number,
            text[around.Start..around.End],
            text[start..end],
            offsets.Of(0, start),
            offsets.Of(0, end),
            activation
        )
        {
            Place = start - around.Start,
        };
    }

    /// <summary>The sentence, or of a long one what is around the token; without the space at its ends.</summary>
    private TextSpan Around(TextSpan sentence, int start, int end)
    {
        var from = Math.Max(sentence.Start, start - MaxAround);
        var to = Math.Min(sentence.End, end + MaxAround);
        from += from > 0 && char.IsLowSurrogate(text[from]) ? 1 : 0;
        to -= to < text.Length && char.IsLowSurrogate(text[to]) ? 1 : 0;
        while (from < start && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        while (to > end && char.IsWhiteSpace(text[to - 1]))
        {
            to--;
        }

        return new TextSpan(from, to);
    }
}
