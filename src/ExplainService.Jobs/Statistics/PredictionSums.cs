using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Statistics;

/// <summary>Sums over predictions: shares of labels, and how well they fit the rows' own.</summary>
internal sealed class PredictionSums
{
    private const int Bins = 10;
    private const double LeastProbability = 1e-15;

    private readonly Dictionary<string, (long Rows, double Probability)> predicted = new(StringComparer.Ordinal);
    private readonly Confusion confusion = new();
    private readonly (long Rows, double Confidence, long Right)[] bins = new (long, double, long)[Bins];
    private long rows;
    private long judged;
    private long right;
    private double logLoss;
    private double probabilities;

    /// <summary>One more row.</summary>
    /// <param name="label">The predicted label.</param>
    /// <param name="probability">Its probability.</param>
    /// <param name="truth">The row's own, as the model calls it.</param>
    /// <param name="ofTruth">That label's probability.</param>
    public void Add(string label, double? probability, string? truth, double? ofTruth)
    {
        rows++;
        var (count, sum) = predicted.GetValueOrDefault(label);
        predicted[label] = (count + 1, sum + (probability ?? 0));
        if (truth is null || probability is not { } confidence || ofTruth is not { } chance)
        {
            return;
        }

        judged++;
        confusion.Add(truth, label);
        var isRight = truth == label;
        right += isRight ? 1 : 0;
        logLoss -= Math.Log(Math.Max(chance, LeastProbability));
        probabilities += chance;
        ref var bin = ref bins[Math.Min((int)(confidence * Bins), Bins - 1)];
        bin = (bin.Rows + 1, bin.Confidence + confidence, bin.Right + (isRight ? 1 : 0));
    }

    /// <summary>Shares of labels, the most frequent first.</summary>
    public IReadOnlyList<LabelShare> Shares() =>
        [
            .. predicted
                .OrderByDescending(label => label.Value.Rows)
                .ThenBy(label => label.Key, StringComparer.Ordinal)
                .Select(label => new LabelShare(
                    label.Key,
                    label.Value.Rows,
                    (double)label.Value.Rows / rows,
                    label.Value.Probability > 0 ? label.Value.Probability / label.Value.Rows : null
                )),
        ];

    /// <summary>How well; null without labels.</summary>
    public Performance? Performance() =>
        judged == 0
            ? null
            : new Performance
            {
                Rows = judged,
                Accuracy = (double)right / judged,
                MacroF1 = confusion.MacroF1(),
                LogLoss = logLoss / judged,
                MeanProbability = probabilities / judged,
                ExpectedCalibrationError = bins.Where(bin => bin.Rows > 0).Sum(bin => Math.Abs(bin.Confidence - bin.Right)) / judged,
                Labels =
                [
                    .. confusion
                        .Labels()
                        .Select(label => new LabelPerformance(label.Label, (long)label.Rows, label.Precision, label.Recall, label.F1)),
                ],
                Reliability =
                [
                    .. bins.Select((bin, index) => (bin, index))
                        .Where(one => one.bin.Rows > 0)
                        .Select(one => new ReliabilityBin(
                            (double)one.index / Bins,
                            (double)(one.index + 1) / Bins,
                            one.bin.Rows,
                            one.bin.Confidence / one.bin.Rows,
                            (double)one.bin.Right / one.bin.Rows
                        )),
                ],
            };
}
