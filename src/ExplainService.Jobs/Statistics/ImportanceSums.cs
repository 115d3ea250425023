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

    private readonly List<(long Number, string Truth, string Label, double Probability)> rows = [];
    private readonly Dictionary<string, List<(int Row, FeatureLine Line)>> features = new(StringComparer.Ordinal);

    /// <summary>Whether there are rows.</summary>
    public bool IsEmpty => rows.Count == 0;

    /// <summary>One more row.</summary>
    public void Add(long number, ImportanceLine line)
    {
        var label = line.Prediction.Label!;
        rows.Add((number, line.Truth ?? label, label, line.Probability));
        foreach (var feature in line.Features)
        {
            if (!features.TryGetValue(feature.Feature, out var holding))
            {
                features[feature.Feature] = holding = [];
            }

            holding.Add((rows.Count - 1, feature));
        }
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
                .Where(feature => feature.Value.Count >= leastDocuments)
                .OrderByDescending(feature => feature.Value.Count)
                .ThenBy(feature => feature.Key, StringComparer.Ordinal)
                .Take(top)
                .Select(feature => Importance(feature.Key, feature.Value, weights, bases))
                .OrderByDescending(feature => feature.Exclusion.MeanProbability.Value),
        ];
    }

    private FeatureImportance Importance(
        string feature,
        List<(int Row, FeatureLine Line)> holding,
        byte[][] weights,
        (double Total, Confusion Confusion)[] bases
    ) =>
        new(
            feature,
            holding.Count,
            DropsOf(holding, line => line.Removed is { } removed ? [removed] : [], weights, bases),
            holding.Exists(one => one.Line.Permuted.Count > 0) ? DropsOf(holding, line => line.Permuted, weights, bases) : null
        );

    private Drops DropsOf(
        List<(int Row, FeatureLine Line)> holding,
        Func<FeatureLine, IReadOnlyList<Outcome>> outcomes,
        byte[][] weights,
        (double Total, Confusion Confusion)[] bases
    )
    {
        // The first "replicate" weighs every row once: the estimate itself.
        var figures = weights.Select((weight, index) => Figures(holding, outcomes, weight, bases[index])).ToArray();
        return new Drops(Of(one => one.Accuracy), Of(one => one.MacroF1), Of(one => one.LogLoss), Of(one => one.Probability));

        Estimate Of(Func<(double Accuracy, double MacroF1, double LogLoss, double Probability), double> figure)
        {
            var drawn = figures.Skip(1).Select(figure).Order().ToArray();
            return new Estimate(figure(figures[0]), Percentile(drawn, 0.025), Percentile(drawn, 0.975));
        }
    }

    private (double Accuracy, double MacroF1, double LogLoss, double Probability) Figures(
        List<(int Row, FeatureLine Line)> holding,
        Func<FeatureLine, IReadOnlyList<Outcome>> outcomes,
        byte[] weights,
        (double Total, Confusion Confusion) whole
    )
    {
        var (accuracy, logLoss, probability) = (0.0, 0.0, 0.0);
        var changed = whole.Confusion.Copy();
        foreach (var (index, line) in holding)
        {
            var (weight, row) = (weights[index], rows[index]);
            var drawn = outcomes(line);
            if (weight == 0 || drawn.Count == 0)
            {
                continue;
            }

            var part = (double)weight / drawn.Count;
            changed.Add(row.Truth, row.Label, -weight);
            foreach (var outcome in drawn)
            {
                accuracy += part * ((row.Label == row.Truth ? 1 : 0) - (outcome.Label == row.Truth ? 1 : 0));
                logLoss += part * (Log(row.Probability) - Log(outcome.Probability));
                probability += part * (row.Probability - outcome.Probability);
                changed.Add(row.Truth, outcome.Label, part);
            }
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
}
