using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Lime;

/// <summary><c>POST /lime</c>.</summary>
public sealed record LimeRequest : TextRequest
{
    /// <summary>
    /// Coalitions scored; default 500, fewer where the text is read in windows. A text with fewer coalitions has each scored once, and
    /// together they weigh as much as so many. As many at most, up to 250, for earlier generated tokens.
    /// </summary>
    [Range(2, 100_000)]
    public int? Samples { get; init; }

    /// <summary>w of the weights exp(−d²/w²), d = cosine distance from 0 to 1; default 0.75.</summary>
    [Range(1e-3, 1e6)]
    public double? KernelWidth { get; init; }

    /// <summary>Ridge penalty; default 1. It makes scores smaller, and the answer warns where that is by more than a tenth.</summary>
    [Range(0.0, 1e9)]
    public double? Alpha { get; init; }

    /// <summary>The most units with a weight: those of the highest weights in a fit of all, fitted again; default all.</summary>
    [Range(1, 1_000_000)]
    public int? Features { get; init; }

    /// <summary>What stands in for an absent unit; default <c>mask</c>.</summary>
    public ReplacementRequest? Replacement { get; init; }

    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Append(("replacement.text", Replacement?.Text));
}

/// <summary>What <c>/lime</c> answers.</summary>
public sealed record LimeAnswer : UnitExplanation
{
    /// <summary>Intercept of the surrogate model.</summary>
    public required double Intercept { get; init; }

    /// <summary>Weighted R² of the surrogate model.</summary>
    public required double R2 { get; init; }

    /// <inheritdoc/>
    internal override double? Fit => R2;

    /// <summary>Score of the text without any unit, where that was among the samples.</summary>
    public double? BaseValue { get; init; }

    /// <summary>Score of the whole text.</summary>
    public required double Value { get; init; }

    /// <summary>What replaced removed units: a token, <c>delete</c>, or the given text.</summary>
    public required string Replacement { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LimeRequest))]
[JsonSerializable(typeof(LimeAnswer))]
internal sealed partial class LimeJson : JsonSerializerContext;
