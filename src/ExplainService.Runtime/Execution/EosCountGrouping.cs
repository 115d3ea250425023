namespace ExplainService.Runtime.Execution;

/// <summary>
/// Keeps rows apart that have different numbers of end tokens. BART's classifiers read a text's last end token, and find it by dealing out
/// those of the whole batch in equal parts: a text (one) beside a pair of texts (three) would get the pair's numbers.
/// </summary>
/// <param name="end">The end token.</param>
internal sealed class EosCountGrouping(int end)
{
    /// <summary>Runs rows with the same number of end tokens together; answers in the rows' order.</summary>
    /// <param name="rows">Any rows.</param>
    /// <param name="idsOf">A row's tokens.</param>
    /// <param name="run">Computes rows in one batch.</param>
    public IReadOnlyList<TResult> Run<TRow, TResult>(
        IReadOnlyList<TRow> rows,
        Func<TRow, int[]> idsOf,
        Func<IReadOnlyList<TRow>, IReadOnlyList<TResult>> run
    )
    {
        var groups = Enumerable
            .Range(0, rows.Count)
            .GroupBy(i => idsOf(rows[i]).Count(id => id == end))
            .Select(group => group.ToArray())
            .ToArray();
        if (groups.Length == 1)
        {
            return run(rows);
        }

        var results = new TResult[rows.Count];
        foreach (var group in groups)
        {
            foreach (var (i, result) in group.Zip(run([.. group.Select(i => rows[i])])))
            {
                results[i] = result;
            }
        }

        return results;
    }
}
