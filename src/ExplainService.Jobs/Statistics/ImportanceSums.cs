using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Jobs.Statistics;

/// <summary>
/// Importance of features: what the figures of the whole set lose when a feature is removed, or replaced, in every row that holds it. Rows
/// that do not hold it stay as they are. Intervals are a Poisson bootstrap over the rows (Chamandy et al. 2012): each replicate weighs a
/// row by a number of its own, drawn in row order.
/// </summary>
internal sealed class ImportanceSums
{
    private const double LeastProbability = 1e-15;
    private const int MostReplicates = 200;
    private const int FewestReplicates = 50;

    /// <summary>Weights that are kept at once, a byte each.</summary>
    private const int MostWeights = 20_000_000;

    private readonly List<(string Truth, string Label, double Probability)> rows = [];
    private readonly Dictionary<string, Changes> features = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> labels = new(StringComparer.Ordinal);

    /// <summary>Whether there are rows.</summary>
    public bool IsEmpty => rows.Count == 0;

    /// <summary>One more row.</summary>
    public void Add(ImportanceLine line)
    {
        var (row, label) = (rows.Count, Known(line.Prediction.Label!));
        rows.Add((line.Truth is { } truth ? Known(truth) : label, label, line.Probability));
        foreach (var feature in line.Features)
        {
            if (!features.TryGetValue(feature.Feature, out var changes))
            {
                features[feature.Feature] = changes = new Changes();
            }

            changes.Documents++;
            changes.Removed.AddRange(Of(feature.Removed is { } removed ? [removed] : []));
            changes.Permuted.AddRange(Of(feature.Permuted));
        }

        IEnumerable<Change> Of(IReadOnlyList<Outcome> outcomes) =>
            outcomes.Select(outcome => new Change(row, outcomes.Count, Known(outcome.Label), outcome.Probability));
    }

    /// <summary>The features that most rows hold, strongest first.</summary>
    /// <param name="top">How many.</param>
    /// <param name="leastDocuments">Rows that a feature must be in.</param>
    /// <param name="seed">Of the intervals.</param>
    public IReadOnlyList<FeatureImportance> Strongest(int top, int leastDocuments, long seed)
    {
        var weights = Weights(seed);
        var bases = weights.Select(Base).ToArray();
        return
        [
            .. features
                .Where(feature => feature.Value.Documents >= leastDocuments)
                .OrderByDescending(feature => feature.Value.Documents)
                .ThenBy(feature => feature.Key, StringComparer.Ordinal)
                .Take(top)
                .Select(feature => Importance(feature.Key, feature.Value, weights, bases))
                .OrderByDescending(feature => feature.Exclusion.MeanProbability.Value),
        ];
    }

    /// <summary>One string for all rows of a label: as many would be read as there are outcomes.</summary>
    private string Known(string label)
    {
        labels.TryAdd(label, label);
        return labels[label];
    }

    private FeatureImportance Importance(string feature, Changes changes, byte[][] weights, (double Total, Confusion Confusion)[] bases) =>
        new(
            feature,
            changes.Documents,
            DropsOf(changes.Removed, weights, bases),
            changes.Permuted.Count > 0 ? DropsOf(changes.Permuted, weights, bases) : null
        );

    private Drops DropsOf(List<Change> changes, byte[][] weights, (double Total, Confusion Confusion)[] bases)
    {
        // The first "replicate" weighs every row once: the estimate itself.
        var figures = weights.Select((weight, index) => Figures(changes, weight, bases[index])).ToArray();
        return new Drops(Of(one => one.Accuracy), Of(one => one.MacroF1), Of(one => one.LogLoss), Of(one => one.Probability));

        Estimate Of(Func<(double Accuracy, double MacroF1, double LogLoss, double Probability), double> figure)
        {
            var drawn = figures.Skip(1).Select(figure).Order().ToArray();
            return new Estimate(figure(figures[0]), Percentile(drawn, 0.025), Percentile(drawn, 0.975));
        }
    }

    private (double Accuracy, double MacroF1, double LogLoss, double Probability) Figures(
        List<Change> changes,
        byte[] weights,
        (double Total, Confusion Confusion) whole
    )
    {
        var (accuracy, logLoss, probability) = (0.0, 0.0, 0.0);
        var changed = whole.Confusion.Copy();
        var last = -1;
        foreach (var change in changes)
        {
            var (row, weight) = (rows[change.Row], weights[change.Row]);
            if (weight == 0)
            {
                continue;
            }

            if (change.Row != last)
            {
                // At once, not by parts: what they leave of 1 would be a label of its own.
                changed.Add(row.Truth, row.Label, -weight);
                last = change.Row;
            }

            var part = (double)weight / change.Draws;
            accuracy += part * ((row.Label == row.Truth ? 1 : 0) - (change.Label == row.Truth ? 1 : 0));
            logLoss += part * (Log(row.Probability) - Log(change.Probability));
            probability += part * (row.Probability - change.Probability);
            changed.Add(row.Truth, change.Label, part);
        }

        var total = Math.Max(whole.Total, 1);
        return (accuracy / total, whole.Confusion.MacroF1() - changed.MacroF1(), logLoss / total, probability / total);
    }

    private static double Log(double probability) => Math.Log(Math.Max(probability, LeastProbability));

    private (double Total, Confusion Confusion) Base(byte[] weights)
    {
        var confusion = new Confusion();
        var total = 0.0;
        for (var row = 0; row < rows.Count; row++)
        {
            if (weights[row] > 0)
            {
                confusion.Add(rows[row].Truth, rows[row].Label, weights[row]);
                total += weights[row];
            }
        }

        return (total, confusion);
    }

    private byte[][] Weights(long seed)
    {
        var replicates = Math.Clamp(MostWeights / Math.Max(rows.Count, 1), FewestReplicates, MostReplicates);
        var weights = new byte[replicates + 1][];
        weights[0] = [.. Enumerable.Repeat((byte)1, rows.Count)];
        for (var replicate = 1; replicate <= replicates; replicate++)
        {
            var random = new SeededRandom(unchecked((seed * 1_000_003) + replicate));
            weights[replicate] = [.. rows.Select(_ => Poisson(random))];
        }

        return weights;
    }

    /// <summary>A draw of the Poisson distribution of mean 1 (Knuth 1969).</summary>
    private static byte Poisson(SeededRandom random)
    {
        byte draws = 0;
        for (var product = random.NextDouble(); product > 1 / Math.E && draws < byte.MaxValue; product *= random.NextDouble())
        {
            draws++;
        }

        return draws;
    }

    private static double Percentile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>What the model says of a row without a feature, or with another word in its place.</summary>
    /// <param name="Row">The row, from 0.</param>
    /// <param name="Draws">How many there are of this row, one after the other.</param>
    /// <param name="Label">The predicted label.</param>
    /// <param name="Probability">The probability of the label that the row is measured by.</param>
    private readonly record struct Change(int Row, int Draws, string Label, double Probability);

    /// <summary>Those of a feature. Every word of every row is one: 24 bytes each.</summary>
    private sealed class Changes
    {
        public int Documents { get; set; }

        public List<Change> Removed { get; } = [];

        public List<Change> Permuted { get; } = [];
    }
}
