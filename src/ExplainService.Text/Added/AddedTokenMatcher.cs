using System.Buffers;
using System.Text;
using ExplainService.Text.Alignment;

namespace ExplainService.Text.Added;

/// <summary>Finds added tokens in a text, leftmost first and the longest of those, and cuts the text around them.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<char, List<(string Content, AddedToken Token)>> byFirst = [];
    private readonly SearchValues<char> firsts;

    /// <param name="tokens">The tokens and the text under which each is looked for (its normalised form, for normalised tokens).</param>
    public AddedTokenMatcher(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        foreach (var entry in tokens)
        {
            if (entry.Content.Length == 0)
            {
                continue;
            }

            if (!byFirst.TryGetValue(entry.Content[0], out var list))
            {
                byFirst[entry.Content[0]] = list = [];
            }

            list.Add(entry);
        }

        foreach (var first in byFirst.Keys.ToArray())
        {
            byFirst[first] = [.. byFirst[first].OrderByDescending(entry => entry.Content.Length)];
        }

        firsts = SearchValues.Create([.. byFirst.Keys]);
    }

    /// <summary>Appends the pieces of <paramref name="text"/> to <paramref name="pieces"/>: plain text and added tokens in order.</summary>
    public void Split(AlignedText text, List<Piece> pieces)
    {
        var span = text.Span;
        var (done, from) = (0, 0);
        while (byFirst.Count > 0 && from < span.Length)
        {
            var found = span[from..].IndexOfAny(firsts);
            if (found < 0)
            {
                break;
            }

            from += found;
            if (Match(span[from..]) is not { } match)
            {
                from++;
                continue;
            }

            var (start, end) = (from, from + match.Content.Length);
            from = end;
            var token = match.Token;
            if (token.SingleWord && (EndsWithWord(span[..start]) || StartsWithWord(span[end..])))
            {
                continue;
            }

            // White space that an earlier token has taken stays with that token.
            while (token.LeftStrip && start > done && char.IsWhiteSpace(span[start - 1]))
            {
                start--;
            }

            start = Math.Max(start, done);
            while (token.RightStrip && end < span.Length && char.IsWhiteSpace(span[end]))
            {
                end++;
            }

            if (done < start)
            {
                pieces.Add(new Piece(text, done, start - done));
            }

            if (start < end)
            {
                pieces.Add(new Piece(text, start, end - start, token.Id));
            }

            done = end;
            from = Math.Max(from, done);
        }

        if (done < span.Length)
        {
            pieces.Add(new Piece(text, done, span.Length - done));
        }
    }

    private (string Content, AddedToken Token)? Match(ReadOnlySpan<char> rest)
    {
        foreach (var entry in byFirst[rest[0]])
        {
            if (rest.StartsWith(entry.Content, StringComparison.Ordinal))
            {
                return entry;
            }
        }

        return null;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && Characters.IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && Characters.IsWord(rune);
}
