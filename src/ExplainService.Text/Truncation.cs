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

    /// <summary>Windows that hold a stretch of one sequence and everything else.</summary>
    public static IReadOnlyList<Encoding> Windows(Encoding encoding, int sequence, int maxTokens, int overlap)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(overlap, "overlapTokens");
        if (encoding.Count <= maxTokens)
        {
            return [encoding];
        }

        var count = encoding.CountOf(sequence);
        var room = maxTokens - (encoding.Count - count);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(room, overlap, nameof(maxTokens));
        int[] all = [.. Enumerable.Range(0, encoding.Count)];
        var first = Array.FindIndex(all, token => encoding.Tokens[token].Sequence == sequence);
        return
        [
            .. Slide(count, room, overlap)
                .Select(range =>
                {
                    int[] sources = [.. all[..first], .. all.AsSpan(first, count)[range], .. all[(first + count)..]];
                    return new Encoding([.. sources.Select(token => encoding.Tokens[token])]) { Sources = sources };
                }),
        ];
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
