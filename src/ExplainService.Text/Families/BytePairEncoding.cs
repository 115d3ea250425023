namespace ExplainService.Text.Families;

/// <summary>What a byte-pair vocabulary does besides merging.</summary>
/// <param name="Unknown">The unknown token, if there is one.</param>
/// <param name="Prefix">What tokens carry that do not begin a piece.</param>
/// <param name="Suffix">What tokens carry that end a piece.</param>
/// <param name="FuseUnknown">Whether unknown characters in a row are one token.</param>
/// <param name="ByteFallback">Whether unknown characters become <c>&lt;0x..&gt;</c> tokens of their bytes.</param>
/// <param name="IgnoreMerges">Whether a piece that is a token needs no merges.</param>
internal sealed record BytePairOptions(
    string? Unknown,
    string Prefix = "",
    string Suffix = "",
    bool FuseUnknown = false,
    bool ByteFallback = false,
    bool IgnoreMerges = false
);

/// <summary>Byte-pair encoding (Sennrich et al. 2016): the pair that was learnt first is merged first, leftmost before others.</summary>
internal sealed class BytePairEncoding : TokenFamily
{
    private readonly BytePairOptions options;
    private readonly Dictionary<long, (int Rank, int Id)> merges;
    private readonly int?[] byteIds = new int?[256];
    private readonly int? unknown;

    /// <exception cref="TokenizerFormatException">A merge is not in the vocabulary.</exception>
    public BytePairEncoding(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> pairs, BytePairOptions options)
        : base(vocabulary)
    {
        this.options = options;
        unknown = options.Unknown is { } token ? vocabulary.IdOf(token) : null;
        MissingUnknown = unknown is null ? options.Unknown : null;
        merges = new Dictionary<long, (int Rank, int Id)>(pairs.Count);
        for (var rank = 0; rank < pairs.Count; rank++)
        {
            var (left, right) = pairs[rank];
            var merged = left + (right.StartsWith(options.Prefix, StringComparison.Ordinal) ? right[options.Prefix.Length..] : right);
            merges[Pair(Require(left, rank), Require(right, rank))] = (rank, Require(merged, rank));
        }

        for (var value = 0; value < byteIds.Length; value++)
        {
            byteIds[value] = vocabulary.IdOf($"<0x{value:X2}>");
        }
    }

    /// <inheritdoc/>
    public override int? Unknown => unknown;

    protected override void Find(ReadOnlySpan<char> piece, List<FamilyToken> output)
    {
        if (options.IgnoreMerges && Vocabulary.Lookup.TryGetValue(piece, out var whole))
        {
            output.Add(new FamilyToken(whole, 0, piece.Length));
            return;
        }

        var symbols = new SymbolChain(piece.Length);
        AddCharacters(piece, symbols);
        Merge(symbols);
        symbols.CopyTo(output);
    }

    // Not two halves of 32 bits: the hash of a long is their exclusive or, which many pairs of a large vocabulary share.
    private long Pair(int left, int right) => ((long)left * Vocabulary.Size) + right;

    private int Require(string token, int rank) =>
        Vocabulary.IdOf(token) ?? throw new TokenizerFormatException($"Merge {rank} of the vocabulary needs '{token}', which has no id.");

    private void AddCharacters(ReadOnlySpan<char> piece, SymbolChain symbols)
    {
        Span<byte> bytes = stackalloc byte[4];
        var (unknownStart, unknownEnd) = (-1, -1);
        var affixes = options.Prefix.Length + options.Suffix.Length > 0;
        for (int i = 0, next, read = 0; i < piece.Length; i = next, read++)
        {
            TextWork.Check(read);
            next = i + (char.IsHighSurrogate(piece[i]) && i + 1 < piece.Length ? 2 : 1);
            var part = piece[i..next];
            if (affixes)
            {
                part = string.Concat(i > 0 ? options.Prefix : "", part, next == piece.Length ? options.Suffix : "");
            }

            if (Vocabulary.Lookup.TryGetValue(part, out var id))
            {
                FlushUnknown();
                symbols.Add(id, i, next);
            }
            else if (!(options.ByteFallback && AddBytes(part, i, next, bytes, symbols)) && options.Unknown is not null)
            {
                if (unknown is null)
                {
                    throw new TokenizerUnknownException(MissingUnknown);
                }

                if (unknownStart >= 0 && !options.FuseUnknown)
                {
                    FlushUnknown();
                }

                (unknownStart, unknownEnd) = (unknownStart < 0 ? i : unknownStart, next);
            }
        }

        FlushUnknown();

        void FlushUnknown()
        {
            if (unknownStart >= 0)
            {
                symbols.Add(unknown!.Value, unknownStart, unknownEnd);
                unknownStart = -1;
            }
        }
    }

    private bool AddBytes(ReadOnlySpan<char> part, int start, int end, Span<byte> buffer, SymbolChain symbols)
    {
        var bytes =
            part.Length <= 2
                ? buffer[..System.Text.Encoding.UTF8.GetBytes(part, buffer)]
                : System.Text.Encoding.UTF8.GetBytes(part.ToArray());
        foreach (var value in bytes)
        {
            if (byteIds[value] is null)
            {
                return false;
            }
        }

        foreach (var value in bytes)
        {
            symbols.Add(byteIds[value]!.Value, start, end);
        }

        return true;
    }

    private void Merge(SymbolChain symbols)
    {
        // Rank, then position: both in one number, so that the queue orders them without a comparer of its own.
        var queue = new PriorityQueue<(int Left, int Id), long>();
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            Offer(i);
        }

        for (var looked = 0; queue.TryDequeue(out var merge, out _); looked++)
        {
            TextWork.Check(looked);
            var right = symbols.Next(merge.Left);

            // Either half may have become part of something else meanwhile.
            if (right < 0 || !merges.TryGetValue(Pair(symbols.Id(merge.Left), symbols.Id(right)), out var still) || still.Id != merge.Id)
            {
                continue;
            }

            symbols.Join(merge.Left, merge.Id);
            Offer(symbols.Previous(merge.Left));
            Offer(merge.Left);
        }

        void Offer(int left)
        {
            if (
                left >= 0
                && symbols.Next(left) is >= 0 and var right
                && merges.TryGetValue(Pair(symbols.Id(left), symbols.Id(right)), out var merge)
            )
            {
                queue.Enqueue((left, merge.Id), ((long)merge.Rank << 32) | (uint)left);
            }
        }
    }
}
