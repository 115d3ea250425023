using System.Globalization;
using System.Text.Json;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Inputs;

/// <summary>Labels as rows give them.</summary>
internal static class RowLabels
{
    /// <summary>The field of a request that says how many labels a prediction lists, where it is not to list all.</summary>
    public const string Listed = "top_k";

    /// <summary>Whether predictions of a request list every label that there is.</summary>
    public static bool AreAll(JsonElement? request) =>
        request is not { ValueKind: JsonValueKind.Object } given || !given.TryGetProperty(Listed, out _);

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
