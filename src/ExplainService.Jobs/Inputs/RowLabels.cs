using System.Globalization;
using System.Text.Json;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Inputs;

/// <summary>Labels as rows give them, and as answers do.</summary>
internal static class RowLabels
{
    /// <summary>The field of a request that says how many labels a prediction lists, where it is not to list all.</summary>
    public const string Listed = "top_k";

    /// <summary>Whether predictions of a request list every label that there is.</summary>
    public static bool AreAll(JsonElement? request) =>
        request is not { ValueKind: JsonValueKind.Object } given || !given.TryGetProperty(Listed, out _);

    /// <summary>The label that an answer predicts; null where it predicts none.</summary>
    public static string? Predicted(JsonElement answer) =>
        answer.TryGetProperty("prediction", out var prediction) && prediction.TryGetProperty("label", out var label)
            ? label.GetString()
            : null;

    /// <summary>The label that an answer explains; null where it explains something else.</summary>
    public static string? Explained(JsonElement answer) =>
        answer.TryGetProperty("target", out var target)
        && target.TryGetProperty("label", out var label)
        && label.ValueKind == JsonValueKind.String
            ? label.GetString()
            : null;

    /// <summary>The true label of a line of results, by the model's name; null where it has none, or the prediction does not list it.</summary>
    public static string? Truth(JsonElement line, Prediction prediction) =>
        line.TryGetProperty("label", out var own) && own.GetString() is { } given && prediction.Labels is { } labels
            ? Find(labels, given)
            : null;

    /// <summary>The model's name of a label that is given by name or by index; null where it has none such.</summary>
    public static string? Find(IReadOnlyList<LabelAnswer> labels, string given) =>
        labels.FirstOrDefault(label => label.Label == given)?.Label
        ?? (
            int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? labels.FirstOrDefault(label => label.Index == index)?.Label
                : null
        );

    /// <summary>The probability of a label.</summary>
    public static double ProbabilityOf(IReadOnlyList<LabelAnswer> labels, string name) =>
        labels.First(label => label.Label == name).Probability ?? 0;
}
