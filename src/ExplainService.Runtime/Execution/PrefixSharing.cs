namespace ExplainService.Runtime.Execution;

/// <summary>
/// Rows of a causal model that begin alike: their common beginning is computed once, whatever comes behind it. Perturbations of one text
/// are such rows. Rows are sorted by their tokens and cut into groups where the tokens saved pay for another run.
/// </summary>
internal sealed class PrefixSharing(CachedDecoder decoder)
{
    /// <summary>Keys and values that are remembered between batches: a text's own, for the perturbations of it.</summary>
    private const long CacheBytes = 64L << 20;

    /// <summary>What a run costs by itself, in tokens (see BatchCutter), and so the shortest beginning that is worth sharing.</summary>
    private const int RunCost = 48;
    private const int MinPrefix = 8;

    private readonly PrefixCache known = new(CacheBytes);

    /// <summary>The rows' logits, in order.</summary>
    /// <param name="rows">The rows of a batch.</param>
    /// <param name="forward">Computes rows whole.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public IReadOnlyList<Logits> Run(
        IReadOnlyList<TokenRow> rows,
        Func<IReadOnlyList<TokenRow>, CancellationToken, IReadOnlyList<Logits>> forward,
        CancellationToken cancellationToken
    )
    {
        if (rows.Count == 1)
        {
            return rows[0].Ids.Length < 2 * MinPrefix ? forward(rows, cancellationToken) : RunAlone(rows, cancellationToken);
        }

        int[] order = [.. Enumerable.Range(0, rows.Count)];
        Array.Sort(
            order,
            (left, right) => rows[left].Ids.AsSpan().SequenceCompareTo(rows[right].Ids) is not 0 and var sign ? sign : left.CompareTo(right)
        );
        var results = new Logits[rows.Count];
        foreach (var group in Groups([.. order.Select(index => rows[index])]))
        {
            TokenRow[] members = [.. order[group].Select(index => rows[index])];
            var logits = RunGroup(members, forward, cancellationToken);
            for (var i = 0; i < members.Length; i++)
            {
                results[order[group][i]] = logits[i];
            }
        }

        return results;
    }

    private IReadOnlyList<Logits> RunGroup(
        TokenRow[] rows,
        Func<IReadOnlyList<TokenRow>, CancellationToken, IReadOnlyList<Logits>> forward,
        CancellationToken cancellationToken
    )
    {
        var (ids, shared) = (rows[0].Ids, Shared(rows[0], rows[^1], rows));
        var usable = known.Known(ids, shared);
        if (rows.Length > 1 && (shared - usable) * (rows.Length - 1) > RunCost)
        {
            Remember(ids[..shared], usable, cancellationToken);
            usable = shared;
        }

        if (usable < MinPrefix)
        {
            return forward(rows, cancellationToken);
        }

        using var past = known.Take(ids, usable);
        return decoder.Run(rows, past, null, keep: false, cancellationToken, out _);
    }

    /// <summary>
    /// A row alone is most often a text that is about to be perturbed. It is computed whole whatever is known, so that the same request
    /// has the same numbers to the last bit, and remembered.
    /// </summary>
    private Logits[] RunAlone(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken)
    {
        var logits = decoder.Run(rows, null, null, keep: true, cancellationToken, out var present);
        using (present)
        {
            known.Add(rows[0].Ids, present!);
        }

        return logits;
    }

    private void Remember(int[] prefix, int usable, CancellationToken cancellationToken)
    {
        using var past = usable >= MinPrefix ? known.Take(prefix, usable) : null;
        decoder.Run(
            [new TokenRow { Ids = prefix, OutputPositions = [prefix.Length - 1] }],
            past,
            null,
            keep: true,
            cancellationToken,
            out var present
        );
        using (present)
        {
            known.Add(prefix, present!);
        }
    }

    /// <summary>The cheapest cut of sorted rows into groups, by dynamic programming over where the last group begins.</summary>
    private static List<Range> Groups(TokenRow[] rows)
    {
        var cost = new long[rows.Length + 1];
        var from = new int[rows.Length + 1];
        for (var end = 1; end <= rows.Length; end++)
        {
            cost[end] = long.MaxValue;
            var (longest, read) = (0, int.MaxValue);
            for (var begin = end - 1; begin >= 0; begin--)
            {
                longest = Math.Max(longest, rows[begin].Ids.Length);
                read = Math.Min(read, rows[begin].OutputPositions.Min());
                var shared = begin == end - 1 ? 0 : Math.Min(read, rows[begin].Ids.AsSpan().CommonPrefixLength(rows[end - 1].Ids));
                var total = cost[begin] + RunCost + ((long)(end - begin) * (longest - (shared >= MinPrefix ? shared : 0)));
                if (total < cost[end])
                {
                    (cost[end], from[end]) = (total, begin);
                }
            }
        }

        var groups = new List<Range>();
        for (var end = rows.Length; end > 0; end = from[end])
        {
            groups.Insert(0, from[end]..end);
        }

        return groups;
    }

    /// <summary>Tokens that sorted rows have in common, before anything is read of any.</summary>
    private static int Shared(TokenRow first, TokenRow last, TokenRow[] rows) =>
        Math.Min(rows.Min(row => row.OutputPositions.Min()), first.Ids.AsSpan().CommonPrefixLength(last.Ids));
}
