using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Statistics;

/// <summary>Predictions by the value of the caller's column.</summary>
internal sealed class SliceSums
{
    private const int Most = 200;

    private readonly Dictionary<string, PredictionSums> slices = new(StringComparer.Ordinal);
    private readonly PredictionSums others = new();

    /// <summary>The sums of a value's rows.</summary>
    public PredictionSums Of(string value)
    {
        if (!slices.TryGetValue(value, out var sums))
        {
            sums = slices.Count < Most ? slices[value] = new PredictionSums() : others;
        }

        return sums;
    }

    /// <summary>The slices by their values; null where the rows have none.</summary>
    public IReadOnlyList<SliceSummary>? Summary() =>
        slices.Count == 0
            ? null
            :
            [
                .. slices.OrderBy(slice => slice.Key, StringComparer.Ordinal).Select(slice => Summary(slice.Key, slice.Value)),
                .. others.Shares().Count > 0 ? new[] { Summary(null, others) } : [],
            ];

    private static SliceSummary Summary(string? value, PredictionSums sums)
    {
        var (shares, performance) = (sums.Shares(), sums.Performance());
        return new SliceSummary
        {
            Value = value,
            Rows = shares.Sum(share => share.Rows),
            Predictions = shares,
            Accuracy = performance?.Accuracy,
            MacroF1 = performance?.MacroF1,
            MeanProbability = performance?.MeanProbability,
        };
    }
}
