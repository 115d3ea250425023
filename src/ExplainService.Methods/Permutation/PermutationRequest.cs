using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Permutation;

/// <summary><c>POST /permutation</c>.</summary>
public sealed record PermutationRequest : TextRequest
{
    /// <summary>Draws for each unit, without replacement; default 10 (3 where the text is read in windows), at most all others.</summary>
    [Range(1, 10_000)]
    public int? Samples { get; init; }

    /// <summary>Texts whose units are drawn in place of the text's own.</summary>
    public IReadOnlyList<string>? Background { get; init; }

    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Concat(TextsOf("background", Background));
}

/// <summary>What <c>/permutation</c> answers.</summary>
public sealed record PermutationAnswer : UnitExplanation
{
    /// <summary>Score of the whole text.</summary>
    public required double Value { get; init; }

    /// <summary>Where the units came from that took a unit's place.</summary>
    public required string Replacement { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PermutationRequest))]
[JsonSerializable(typeof(PermutationAnswer))]
internal sealed partial class PermutationJson : JsonSerializerContext;
