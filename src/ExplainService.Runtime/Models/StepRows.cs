using System.Runtime.CompilerServices;

namespace ExplainService.Runtime.Models;

/// <summary>
/// Rows of a generation, each of whose positions is computed in a pass that ends there. A model that rounds by the largest numbers of
/// whatever runs together would otherwise say something else of a token when others follow it.
/// </summary>
internal static class StepRows
{
    /// <summary>The logits of rows, in order, each position's from a pass of its own.</summary>
    /// <param name="rows">May be lazy and long.</param>
    /// <param name="predict">Runs passes.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public static async IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<TokenRow> rows,
        Func<IEnumerable<TokenRow>, IAsyncEnumerable<Logits>> predict,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var pending = new Queue<int>();
        var steps = new List<Logits>();
        await foreach (var step in predict(Steps()).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            steps.Add(step);
            if (steps.Count == pending.Peek())
            {
                yield return steps.Count == 1
                    ? steps[0]
                    : new Logits([.. steps.SelectMany(logits => logits.Values)], steps.Sum(logits => logits.Positions), step.Classes);
                pending.Dequeue();
                steps.Clear();
            }
        }

        IEnumerable<TokenRow> Steps()
        {
            foreach (var row in rows)
            {
                pending.Enqueue(Math.Max(1, row.OutputPositions.Length));
                foreach (var step in Of(row))
                {
                    yield return step;
                }
            }
        }
    }

    /// <summary>A row for each position that a row reads, which ends there; one that reads none as it is.</summary>
    public static IEnumerable<TokenRow> Of(TokenRow row) =>
        row.OutputPositions.Length == 0 ? [row] : row.OutputPositions.Select(read => EndingAt(row, read));

    private static TokenRow EndingAt(TokenRow row, int read)
    {
        var (isDecoder, end) = (row.DecoderIds.Length > 0, read + 1);
        return new TokenRow
        {
            Ids = isDecoder ? row.Ids : row.Ids[..end],
            TypeIds = isDecoder || row.TypeIds.Length == 0 ? row.TypeIds : row.TypeIds[..end],
            DecoderIds = isDecoder ? row.DecoderIds[..end] : [],
            OutputPositions = [read],
        };
    }
}
