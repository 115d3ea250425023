using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;

namespace ExplainService.Jobs.Statistics;

/// <summary>Answers beside those that they are compared with: sums of the latter, and which predictions changed.</summary>
internal sealed class DriftSums
{
    private readonly PredictionSums predictions = new();
    private readonly WordSums words = new();
    private readonly SortedSet<string> models = new(StringComparer.Ordinal);
    private readonly SortedSet<string> hashes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To), long> flips = [];
    private long rows;
    private bool isEmpty = true;

    /// <summary>One more row, where it has something to be compared with.</summary>
    public void Add(JsonElement line)
    {
        if (!line.TryGetProperty("before", out var before) || !before.TryGetProperty("model", out var model))
        {
            return;
        }

        isEmpty = false;
        models.Add(model.GetString()!);
        if (before.TryGetProperty("model_sha256", out var known))
        {
            hashes.UnionWith(known.EnumerateArray().Select(hash => hash.GetString()!));
        }

        words.Add(before);
        if (RowLabels.Predicted(before) is not { } label)
        {
            return;
        }

        predictions.Add(label, null, null, null);
        if (line.TryGetProperty("flipped", out _))
        {
            rows++;
            var change = (label, RowLabels.Predicted(line)!);
            flips[change] = flips.GetValueOrDefault(change) + 1;
        }
    }

    /// <summary>What they say; null where nothing is compared.</summary>
    /// <param name="now">Shares of the labels now.</param>
    /// <param name="wordsNow">Words now.</param>
    /// <param name="top">Words of each list of those that moved.</param>
    /// <param name="leastDocuments">Rows that a word must be in, then and now.</param>
    public DriftSummary? Summary(IReadOnlyList<LabelShare> now, WordSums wordsNow, int top, int leastDocuments)
    {
        if (isEmpty)
        {
            return null;
        }

        var shares = predictions.Shares();
        LabelShift[] labels =
        [
            .. shares
                .Concat(now)
                .Select(label => label.Label)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select(label => new LabelShift(label, ShareOf(shares, label), ShareOf(now, label))),
        ];
        WordDrift[] drifts =
        [
            .. words
                .Labels.Intersect(wordsNow.Labels)
                .Select(label => RankingDrift.Of(label, words.Of(label, leastDocuments), wordsNow.Of(label, leastDocuments), top))
                .OfType<WordDrift>(),
        ];
        // A label that is explained on one side alone, or by other words altogether, has kept no rank at all.
        string[] lost =
        [
            .. words
                .Labels.Union(wordsNow.Labels)
                .Where(label => words.Of(label, leastDocuments).Count + wordsNow.Of(label, leastDocuments).Count > 0)
                .Except(drifts.Select(drift => drift.Label))
                .Order(StringComparer.Ordinal),
        ];
        return new DriftSummary
        {
            Before = [.. models],
            BeforeSha256 = [.. hashes],
            Rows = rows,
            Flipped = rows == 0 ? null : (double)flips.Where(flip => flip.Key.From != flip.Key.To).Sum(flip => flip.Value) / rows,
            Flips =
            [
                .. flips
                    .Where(flip => flip.Key.From != flip.Key.To)
                    .OrderByDescending(flip => flip.Value)
                    .ThenBy(flip => flip.Key)
                    .Select(flip => new LabelFlip(flip.Key.From, flip.Key.To, flip.Value)),
            ],
            Labels = labels,
            LabelShift = labels.Sum(label => Math.Abs(label.Before - label.Now)) / 2,
            Ndcg =
                lost.Length > 0 ? 0
                : drifts.Length == 0 ? null
                : drifts.Min(drift => drift.Ndcg),
            Lost = lost,
            Words = drifts,
        };
    }

    /// <summary>What a reader must be told of it.</summary>
    public static IEnumerable<string> Warnings(DriftSummary? drift)
    {
        foreach (var label in drift?.Lost ?? [])
        {
            yield return $"No word of \"{label}\" is both among those before and those now: its NDCG is 0.";
        }

        foreach (var words in drift?.Words ?? [])
        {
            if (words.Ndcg < RankingDrift.Alert)
            {
                yield return FormattableString.Invariant(
                    $"The words of \"{words.Label}\" have drifted: NDCG {words.Ndcg:0.000} is under {RankingDrift.Alert:0.00}."
                );
            }

            if (words.Shared < words.OnlyBefore)
            {
                yield return FormattableString.Invariant(
                    $"Of the words of \"{words.Label}\" before, more than half do not occur now; their ranking is compared without them."
                );
            }
        }
    }

    private static double ShareOf(IReadOnlyList<LabelShare> shares, string label) =>
        shares.FirstOrDefault(share => share.Label == label)?.Share ?? 0;
}
