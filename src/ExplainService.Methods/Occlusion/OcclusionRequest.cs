using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Occlusion;

/// <summary><c>POST /occlusion</c>.</summary>
public sealed record OcclusionRequest : TextRequest
{
    /// <summary>What stands in for a removed unit; default <c>mask</c>.</summary>
    public ReplacementRequest? Replacement { get; init; }

    /// <summary>Units removed at a time; default 1, more where a text is read in many windows.</summary>
    [Range(1, 10_000)]
    public int? Window { get; init; }

    /// <summary>
    /// Units between the starts of windows, at most <c>window</c>; default 1; without <c>window</c> it has no part where windows are larger
    /// by default. All windows are of one size: where the last would go past the end it is moved back to end with the text, so that five
    /// units in twos are 1 and 2, 3 and 4, 4 and 5.
    /// </summary>
    [Range(1, 10_000)]
    public int? Stride { get; init; }

    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Append(("replacement.text", Replacement?.Text));
}

/// <summary>What <c>/occlusion</c> answers.</summary>
public sealed record OcclusionAnswer : UnitExplanation
{
    /// <summary>The windows, in text order.</summary>
    public required IReadOnlyList<WindowAnswer> Windows { get; init; }

    /// <summary>Score of the whole text.</summary>
    public required double Value { get; init; }

    /// <summary>What replaced removed units: a token, <c>delete</c>, or the given text.</summary>
    public required string Replacement { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(OcclusionRequest))]
[JsonSerializable(typeof(OcclusionAnswer))]
internal sealed partial class OcclusionJson : JsonSerializerContext;
