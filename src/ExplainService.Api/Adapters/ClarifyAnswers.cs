using ExplainService.Methods.Contracts;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Adapters;

/// <summary>What Clarify's online explainability answers.</summary>
internal sealed record ClarifyAnswer
{
    /// <summary>Of the schema.</summary>
    public string Version { get; init; } = "1.0";

    /// <summary>What the model says of all records.</summary>
    public required ClarifyPredictions Predictions { get; init; }

    /// <summary>The classes, in the order of the attributions; left out where records were explained for different ones.</summary>
    public IReadOnlyList<string>? LabelHeaders { get; init; }

    /// <summary>The explanations.</summary>
    public required ClarifyExplanations Explanations { get; init; }

    /// <summary>What the attributions of all records are to; null where it is not the same for all, as by targets of their own.</summary>
    public static IReadOnlyList<string>? Headers(IEnumerable<ShapAnswer?> explained)
    {
        string[][] all = [.. explained.OfType<ShapAnswer>().Select(Of)];
        return all is [var first, ..] && Array.TrueForAll(all, one => one.AsSpan().SequenceEqual(first)) ? first : null;

        static string[] Of(ShapAnswer answer) =>
            answer.Labels is { Count: > 0 } labels
                ? [.. labels.Select(label => label.Label)]
                : [answer.Target?.Label ?? answer.Target?.Text ?? ""];
    }
}

/// <summary>What the model says of all records.</summary>
/// <param name="ContentType">How it is written.</param>
/// <param name="Data">A line for each record.</param>
internal sealed record ClarifyPredictions(string ContentType, string Data);

/// <summary>The explanations.</summary>
/// <param name="KernelShap">For each record its features; null of one that was not to be explained. Left out where none was.</param>
internal sealed record ClarifyExplanations(IReadOnlyList<IReadOnlyList<ClarifyFeature>?>? KernelShap);

/// <summary>A feature of a record: its text, or the second one.</summary>
/// <param name="FeatureHeader">Its name.</param>
/// <param name="FeatureType"><c>text</c>.</param>
/// <param name="Attributions">One for each unit of the text.</param>
internal sealed record ClarifyFeature(string FeatureHeader, string FeatureType, IReadOnlyList<ClarifyAttribution> Attributions)
{
    /// <summary>The answer of this service so.</summary>
    public static IReadOnlyList<ClarifyFeature> Of(ShapAnswer answer)
    {
        var units = answer.Units.Select((unit, place) => (Unit: unit, Attribution: Attribution(answer, unit, place))).ToArray();
        return
        [
            .. units
                .GroupBy(one => one.Unit.In ?? "text")
                .Select(group => new ClarifyFeature(group.Key, "text", [.. group.Select(one => one.Attribution)])),
        ];
    }

    private static ClarifyAttribution Attribution(ShapAnswer answer, UnitAnswer unit, int place) =>
        new(
            answer.Labels is { Count: > 0 } labels ? [.. labels.Select(label => label.Scores[place])] : [unit.Score ?? 0],
            new ClarifyDescription(unit.Text, unit.Start)
        );
}

/// <summary>What a unit of a text contributes.</summary>
/// <param name="Attribution">To each class.</param>
/// <param name="Description">Which unit.</param>
internal sealed record ClarifyAttribution(IReadOnlyList<double> Attribution, ClarifyDescription Description);

/// <summary>A unit of a text.</summary>
/// <param name="PartialText">Its text.</param>
/// <param name="StartIdx">Where it begins, in code points.</param>
internal sealed record ClarifyDescription(string PartialText, int StartIdx);
