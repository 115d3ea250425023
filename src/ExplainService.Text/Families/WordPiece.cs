namespace ExplainService.Text.Families;

/// <summary>WordPiece (Wu et al. 2016): the longest entry that begins the rest of the word, until nothing is left.</summary>
internal sealed class WordPiece(Vocabulary vocabulary, string unknownToken, string prefix, int longestWord) : TokenFamily(vocabulary)
{
    private readonly int unknown = vocabulary.Require(unknownToken, "unknown token");
    private readonly int longestEntry = vocabulary.Ids.Keys.Max(token => token.Length);

    protected override void Find(ReadOnlySpan<char> piece, List<FamilyToken> output)
    {
        var from = output.Count;
        if (piece.Length > longestWord && CountCharacters(piece) > longestWord)
        {
            output.Add(new FamilyToken(unknown, 0, piece.Length));
            return;
        }

        var longest = Math.Min(piece.Length, longestEntry);
        var buffer = new char[prefix.Length + longest];
        prefix.CopyTo(buffer);
        for (var start = 0; start < piece.Length; )
        {
            var (id, end) = (-1, Math.Min(piece.Length, start + longest));
            for (; end > start; end--)
            {
                var part = piece[start..end];
                if (start > 0)
                {
                    part.CopyTo(buffer.AsSpan(prefix.Length));
                    part = buffer.AsSpan(0, prefix.Length + part.Length);
                }

                if (Vocabulary.Lookup.TryGetValue(part, out id))
                {
                    break;
                }
            }

            // One part without an entry makes the whole word unknown.
            if (end == start)
            {
                output.RemoveRange(from, output.Count - from);
                output.Add(new FamilyToken(unknown, 0, piece.Length));
                return;
            }

            output.Add(new FamilyToken(id, start, end));
            start = end;
        }
    }

    private static int CountCharacters(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var unit in text)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return count;
    }
}

/// <summary>A piece is a token or unknown.</summary>
internal sealed class WordLevel(Vocabulary vocabulary, string unknownToken) : TokenFamily(vocabulary)
{
    private readonly int? unknown = vocabulary.IdOf(unknownToken);

    protected override void Find(ReadOnlySpan<char> piece, List<FamilyToken> output)
    {
        if (Vocabulary.Lookup.TryGetValue(piece, out var id))
        {
            output.Add(new FamilyToken(id, 0, piece.Length));
        }
        else if (unknown is { } unknownId)
        {
            output.Add(new FamilyToken(unknownId, 0, piece.Length));
        }
    }
}
