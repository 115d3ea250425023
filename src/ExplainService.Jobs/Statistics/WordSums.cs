using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Numerics;

namespace ExplainService.Jobs.Statistics;

/// <summary>Global attribution: scores of words summed over the rows that one label was explained of.</summary>
internal sealed class WordSums
{
    /// <summary>Of a normal distribution's 97.5th percentile.</summary>
    private const double Normal95 = 1.959963984540054;

    private readonly SortedDictionary<string, LabelSums> labels = new(StringComparer.Ordinal);

    /// <summary>Whether any row had units with scores.</summary>
    public bool IsEmpty => labels.Count == 0;

    /// <summary>One more row, whose answer may have no units, or none for a label.</summary>
    public void Add(JsonElement answer)
    {
        if (answer.TryGetProperty("units", out var units) && RowLabels.Explained(answer) is { } label)
        {
            Add(label, units);
        }
    }

    /// <summary>What was explained.</summary>
    public IEnumerable<string> Labels => labels.Keys;

    /// <summary>The words of a label; none of one that was not explained.</summary>
    /// <param name="label">The label.</param>
    /// <param name="leastDocuments">Rows that a word must be in.</param>
    public IReadOnlyDictionary<string, WordScore> Of(string label, int leastDocuments) =>
        (labels.GetValueOrDefault(label)?.Words ?? [])
            .Where(word => word.Value.Documents >= leastDocuments)
            .ToDictionary(word => word.Key, word => Score(word.Key, word.Value), StringComparer.Ordinal);

    /// <summary>The strongest words of each label: half of them for it, half against it.</summary>
    /// <param name="top">How many.</param>
    /// <param name="leastDocuments">Rows that a word must be in.</param>
    public IReadOnlyList<LabelWords> Strongest(int top, int leastDocuments) =>
        [.. labels.Select(label => new LabelWords(label.Key, label.Value.Rows, Strongest(label.Value, top, leastDocuments)))];

    private void Add(string label, JsonElement units)
    {
        if (!labels.TryGetValue(label, out var sums))
        {
            labels[label] = sums = new LabelSums();
        }

        sums.Rows++;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var unit in units.EnumerateArray())
        {
            if (
                !unit.TryGetProperty("score", out var given)
                || given.ValueKind != JsonValueKind.Number
                || unit.GetProperty("text").GetString() is not { Length: > 0 } text
            )
            {
                continue;
            }

            var (word, score) = (text.ToLowerInvariant(), given.GetDouble());
            var sum = sums.Words.GetValueOrDefault(word);
            sums.Words[word] = new WordSum(
                sum.Documents + (seen.Add(word) ? 1 : 0),
                sum.Occurrences + 1,
                sum.Scores + score,
                sum.Sizes + Math.Abs(score),
                sum.Squares + (score * score)
            );
        }
    }

    private static WordScore[] Strongest(LabelSums sums, int top, int leastDocuments)
    {
        var words = sums
            .Words.Where(word => word.Value.Documents >= leastDocuments)
            .Select(word => Score(word.Key, word.Value))
            .OrderByDescending(word => word.Mean)
            .ThenBy(word => word.Word, StringComparer.Ordinal)
            .ToArray();
        return words.Length <= top ? words : [.. words[..((top + 1) / 2)], .. words[^(top / 2)..]];
    }

    private static WordScore Score(string word, WordSum sum)
    {
        var mean = sum.Scores / sum.Occurrences;
        var deviations = Math.Max(0, sum.Squares - (sum.Scores * mean));
        var half =
            sum.Occurrences < 2
                ? (double?)null
                : Normal95 * SmallSampleErrors.StandardError(deviations, (int)Math.Min(sum.Occurrences, int.MaxValue));
        return new WordScore(word, sum.Documents, sum.Occurrences, mean, sum.Sizes / sum.Occurrences, mean - half, mean + half);
    }

    private readonly record struct WordSum(long Documents, long Occurrences, double Scores, double Sizes, double Squares);

    private sealed class LabelSums
    {
        public long Rows { get; set; }

        public Dictionary<string, WordSum> Words { get; } = new(StringComparer.Ordinal);
    }
}
