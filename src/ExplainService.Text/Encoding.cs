namespace ExplainService.Text;

/// <summary>A text, or a pair of texts, as the model reads it.</summary>
/// <param name="Tokens">The tokens in the model's order, special tokens included.</param>
public sealed record Encoding(IReadOnlyList<Token> Tokens)
{
    /// <summary>The number of tokens, special tokens included.</summary>
    public int Count => Tokens.Count;

    /// <summary>The ids, [sequence]. A new array every time.</summary>
    public int[] Ids => Select(token => token.Id);

    /// <summary>The token type ids, [sequence]. A new array every time.</summary>
    public int[] TypeIds => Select(token => token.TypeId);

    /// <summary>
    /// For a window of a longer encoding: which of its tokens each token here is, ascending; null for an encoding that is whole. A number
    /// that the longer one has no token for stands for one that is none of it.
    /// </summary>
    public int[]? Sources { get; init; }

    /// <summary>Which token of the longer encoding stands at a position of this one; where this one is whole, the same.</summary>
    public int SourceOf(int position) => Sources is null ? position : Sources[position];

    /// <summary>
    /// Where a token of the longer encoding stands in this one; −1 where it does not. Special tokens, which every window has, have a place
    /// of their own in an encoding that is whole only.
    /// </summary>
    public int PositionOf(int source)
    {
        if (Sources is null)
        {
            return source;
        }

        var position = Array.BinarySearch(Sources, source);
        return position >= 0 && !Tokens[position].Special ? position : -1;
    }

    /// <summary>How many tokens stand for the text (0) or its pair (1), or are special (−1).</summary>
    public int CountOf(int sequence)
    {
        var count = 0;
        foreach (var token in Tokens)
        {
            count += token.Sequence == sequence ? 1 : 0;
        }

        return count;
    }

    private int[] Select(Func<Token, int> value)
    {
        var values = new int[Tokens.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(Tokens[i]);
        }

        return values;
    }
}
