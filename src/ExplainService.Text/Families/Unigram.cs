namespace ExplainService.Text.Families;

/// <summary>
/// The unigram language model (Kudo 2018): of all ways to cut a piece into entries, the one with the largest sum of log-probabilities,
/// found by dynamic programming. A character without an entry is unknown, at 10 below the worst score; unknown ones in a row are one.
/// </summary>
internal sealed class Unigram : TokenFamily
{
    private const double UnknownPenalty = 10;
    private readonly double[] scores;
    private readonly int unknown;
    private readonly double unknownScore;
    private readonly int?[]? byteIds;
    private readonly PrefixIndex index;

    /// <param name="vocabulary">The entries; ids index <paramref name="scores"/>.</param>
    /// <param name="scores">The log-probabilities; NaN for entries that are never found in text.</param>
    /// <param name="unknownId">The unknown token's id, if there is one.</param>
    /// <param name="byteFallback">Whether unknown characters become tokens of their bytes.</param>
    public Unigram(Vocabulary vocabulary, double[] scores, int? unknownId, bool byteFallback)
        : base(vocabulary)
    {
        if (unknownId < 0 || unknownId >= scores.Length)
        {
            throw new TokenizerFormatException($"The vocabulary has {scores.Length} entries, but the unknown token's id is {unknownId}.");
        }

        this.scores = scores;
        unknown = unknownId ?? -1;
        unknownScore = scores.Where(score => !double.IsNaN(score)).Min() - UnknownPenalty;
        index = new PrefixIndex(vocabulary.Ids.Where(entry => !double.IsNaN(scores[entry.Value])));
        byteIds = byteFallback ? [.. Enumerable.Range(0, 256).Select(value => vocabulary.IdOf($"<0x{value:X2}>"))] : null;
    }

    public override int Count => scores.Length;

    /// <inheritdoc/>
    public override int? Unknown => unknown < 0 ? null : unknown;

    protected override void Find(ReadOnlySpan<char> piece, List<FamilyToken> output)
    {
        var best = new Node[piece.Length + 1];
        Array.Fill(best, new Node(0, -1, 0));
        for (int start = 0, next, read = 0; start < piece.Length; start = next, read++)
        {
            TextWork.Check(read);
            next = start + (char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1);
            var single = false;
            var search = index.Begin();
            for (var end = start; end < piece.Length && search.Narrow(piece[end]); )
            {
                end++;
                if (search.Id is { } id)
                {
                    single |= end == next;
                    Offer(end, new Node(best[start].Score + scores[id], start, id));
                }
            }

            if (!single)
            {
                Offer(next, new Node(best[start].Score + unknownScore, start, unknown));
            }
        }

        Backtrack(piece, best, output);

        void Offer(int end, Node node)
        {
            if (best[end].Start < 0 || node.Score > best[end].Score)
            {
                best[end] = node;
            }
        }
    }

    private void Backtrack(ReadOnlySpan<char> piece, Node[] best, List<FamilyToken> output)
    {
        var from = output.Count;
        for (var end = piece.Length; end > 0; )
        {
            var (_, start, id) = best[end];
            while (id == unknown && start > 0 && best[start].Id == unknown)
            {
                start = best[start].Start;
            }

            if (id != unknown || !AddBytesBackwards(piece[start..end], start, end, output))
            {
                if (id < 0)
                {
                    throw new TokenizerUnknownException(null);
                }

                output.Add(new FamilyToken(id, start, end));
            }

            end = start;
        }

        output.Reverse(from, output.Count - from);
    }

    private bool AddBytesBackwards(ReadOnlySpan<char> part, int start, int end, List<FamilyToken> output)
    {
        if (byteIds is null)
        {
            return false;
        }

        var bytes = new byte[System.Text.Encoding.UTF8.GetMaxByteCount(part.Length)];
        var count = System.Text.Encoding.UTF8.GetBytes(part, bytes);
        if (Array.Exists(bytes[..count], value => byteIds[value] is null))
        {
            return false;
        }

        for (var i = count - 1; i >= 0; i--)
        {
            output.Add(new FamilyToken(byteIds[bytes[i]]!.Value, start, end));
        }

        return true;
    }

    private readonly record struct Node(double Score, int Start, int Id);
}
