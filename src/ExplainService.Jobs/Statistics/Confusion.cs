namespace ExplainService.Jobs.Statistics;

/// <summary>Counts of true and predicted labels, weighted or not.</summary>
internal sealed class Confusion
{
    private readonly Dictionary<(string Truth, string Predicted), double> counts = [];

    /// <summary>A copy of another.</summary>
    public Confusion Copy()
    {
        var copy = new Confusion();
        foreach (var (cell, count) in counts)
        {
            copy.counts[cell] = count;
        }

        return copy;
    }

    /// <summary>Counts a row, or takes one back.</summary>
    public void Add(string truth, string predicted, double weight = 1) =>
        counts[(truth, predicted)] = counts.GetValueOrDefault((truth, predicted)) + weight;

    /// <summary>Labels that are predicted or true, with their precision, recall and F1.</summary>
    public IEnumerable<(string Label, double Rows, double Precision, double Recall, double F1)> Labels()
    {
        var labels = counts.Keys.SelectMany(cell => new[] { cell.Truth, cell.Predicted }).Distinct().Order(StringComparer.Ordinal);
        foreach (var label in labels)
        {
            var right = counts.GetValueOrDefault((label, label));
            var truth = counts.Where(cell => cell.Key.Truth == label).Sum(cell => cell.Value);
            var predicted = counts.Where(cell => cell.Key.Predicted == label).Sum(cell => cell.Value);
            if (truth + predicted > 0)
            {
                yield return (
                    label,
                    truth,
                    predicted > 0 ? right / predicted : 0,
                    truth > 0 ? right / truth : 0,
                    2 * right / (truth + predicted)
                );
            }
        }
    }

    /// <summary>Mean F1 of the labels.</summary>
    public double MacroF1()
    {
        var (sum, count) = (0.0, 0);
        foreach (var label in Labels())
        {
            sum += label.F1;
            count++;
        }

        return count == 0 ? 0 : sum / count;
    }
}
