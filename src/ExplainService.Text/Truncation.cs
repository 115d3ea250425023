namespace ExplainService.Text;

/// <summary>Makes encodings fit a model's longest input.</summary>
internal static class Truncation
{
    /// <summary>Keeps special tokens and the beginnings of the sequences ("longest first" of Hugging Face).</summary>
    public static Encoding Truncate(Encoding encoding, int maxTokens)
    {
        if (encoding.Count <= maxTokens)
        {
            return encoding;
        }

        var room = maxTokens - encoding.CountOf(-1);
        ArgumentOutOfRangeException.ThrowIfNegative(room, nameof(maxTokens));
        var (first, second) = Lengths(encoding.CountOf(0), encoding.CountOf(1), room);
        List<Token> kept = new(maxTokens);
        foreach (var token in encoding.Tokens)
        {
            if (token.Sequence < 0 || (token.Sequence == 0 ? first-- : second--) > 0)
            {
                kept.Add(token);
            }
        }

        return new Encoding(kept);
    }

    /// <summary>The ranges of windows of <paramref name="room"/> tokens over <paramref name="count"/> tokens.</summary>
    public static IEnumerable<Range> Windows(int count, int room, int overlap)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(overlap, "overlapTokens");
        if (count > room || room < 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(room, overlap, "maxTokens");
        }

        return Slide(count, room, overlap);
    }

    private static IEnumerable<Range> Slide(int count, int room, int overlap)
    {
        var start = 0;
        for (; start + room < count; start += room - overlap)
        {
            yield return start..(start + room);
        }

        // The last window reaches back rather than being short: the model sees as much context there as elsewhere.
        yield return Math.Max(0, count - room)..count;
    }

    private static (int First, int Second) Lengths(int first, int second, int room)
    {
        var (shorter, longer) = (Math.Min(first, second), Math.Max(first, second));
        longer = Math.Min(longer, shorter > room ? shorter : Math.Max(shorter, room - shorter));
        if (shorter + longer > room)
        {
            (shorter, longer) = (room / 2, room - (room / 2));
        }

        return first <= second ? (shorter, longer) : (longer, shorter);
    }
}
