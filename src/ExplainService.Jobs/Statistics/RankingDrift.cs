using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Statistics;

/// <summary>How far the words of a label keep their rank.</summary>
internal static class RankingDrift
{
    /// <summary>An NDCG under this is an alert, as in Amazon SageMaker Clarify's monitor of feature attributions.</summary>
    public const double Alert = 0.9;

    private const int Top = 20;

    /// <summary>What the same text's score may differ by in another batch: a word of equal scores has an interval of no width.</summary>
    private const double Rounding = 2e-5;

    /// <summary>Compares the words that both have; null where there are none.</summary>
    /// <param name="label">The label.</param>
    /// <param name="before">Its words before.</param>
    /// <param name="now">Its words now.</param>
    /// <param name="most">How many of those that moved are listed.</param>
    public static WordDrift? Of(
        string label,
        IReadOnlyDictionary<string, WordScore> before,
        IReadOnlyDictionary<string, WordScore> now,
        int most
    )
    {
        string[] shared = [.. before.Keys.Where(now.ContainsKey).Order(StringComparer.Ordinal)];
        if (shared.Length == 0)
        {
            return null;
        }

        var top = Math.Min(Top, shared.Length);
        var strongest = Ranked(shared, before).Take(top).ToHashSet();
        MovedWord[] moved =
        [
            .. shared
                .Where(word =>
                    before[word].Low is { } low && (now[word].Mean < low - Rounding || now[word].Mean > before[word].High + Rounding)
                )
                .Select(word => new MovedWord(word, before[word].Mean, before[word].Low!.Value, before[word].High!.Value, now[word].Mean))
                .OrderByDescending(word => Math.Abs(word.Now - word.Before)),
        ];
        return new WordDrift
        {
            Label = label,
            Shared = shared.Length,
            OnlyBefore = before.Count - shared.Length,
            OnlyNow = now.Count - shared.Length,
            Ndcg = Ndcg([.. shared.Select(word => (before[word].MeanAbsolute, now[word].MeanAbsolute))]),
            Top = top,
            TopOverlap = (double)Ranked(shared, now).Take(top).Count(strongest.Contains) / top,
            Moved = moved.Length,
            Strongest = moved.Length <= most ? moved : moved[..most],
        };
    }

    /// <summary>
    /// Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002) of things in the order of their sizes now, each worth its size
    /// before; 1 where all are worth nothing.
    /// </summary>
    public static double Ndcg(IReadOnlyList<(double Before, double Now)> sizes)
    {
        var ideal = Gain(sizes.OrderByDescending(size => size.Before));
        return ideal > 0 ? Gain(sizes.OrderByDescending(size => size.Now)) / ideal : 1;
    }

    private static double Gain(IEnumerable<(double Before, double Now)> ranked) =>
        ranked.Index().Sum(size => size.Item.Before / Math.Log2(size.Index + 2));

    private static IOrderedEnumerable<string> Ranked(string[] words, IReadOnlyDictionary<string, WordScore> scores) =>
        words.OrderByDescending(word => scores[word].MeanAbsolute);
}
