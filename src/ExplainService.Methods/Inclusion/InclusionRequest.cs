using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Inclusion;

/// <summary><c>POST /inclusion</c>.</summary>
public sealed record InclusionRequest : TextRequest
{
    /// <summary>What stands in for the units that are absent; default <c>mask</c>.</summary>
    public ReplacementRequest? Replacement { get; init; }
}

/// <summary>What <c>/inclusion</c> answers.</summary>
public sealed record InclusionAnswer : UnitExplanation
{
    /// <summary>f with every unit absent.</summary>
    public required double BaseValue { get; init; }

    /// <summary>What replaced absent units: a token, <c>delete</c>, or the given text.</summary>
    public required string Replacement { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(InclusionRequest))]
[JsonSerializable(typeof(InclusionAnswer))]
internal sealed partial class InclusionJson : JsonSerializerContext;
