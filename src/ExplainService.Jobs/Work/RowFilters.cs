using System.Globalization;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Work;

/// <summary>Which rows are worked on.</summary>
internal static class RowFilters
{
    /// <summary>Whether every condition holds.</summary>
    /// <param name="filter">The conditions.</param>
    /// <param name="prediction">What the model says of the row.</param>
    /// <param name="label">The row's own label.</param>
    public static bool Holds(RowFilter filter, Prediction? prediction, string? label) =>
        prediction is not null
        && (filter.Label is null || Is(prediction, filter.Label))
        && (filter.NotLabel is null || !Is(prediction, filter.NotLabel))
        && (filter.ProbabilityBelow is not { } below || prediction.Probability < below)
        && (filter.ProbabilityAbove is not { } above || prediction.Probability > above)
        && (filter.Wrong is not { } wrong || (label is not null && wrong != Agrees(prediction, label)));

    /// <summary>Whether a row's own label, by name or by index, is the predicted one.</summary>
    public static bool Agrees(Prediction prediction, string label) =>
        label == prediction.Label
        || (
            prediction.Labels?.Any(one => one.Label == label) != true
            && int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index == prediction.Index
        );

    private static bool Is(Prediction prediction, LabelRequest label) =>
        label.Name is { } name ? prediction.Label == name : prediction.Index == label.Index;
}
