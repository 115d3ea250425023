using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Shapley;

/// <summary><c>POST /shap</c>.</summary>
public sealed record ShapRequest : TextRequest
{
    /// <summary>Which estimator; default <c>auto</c>.</summary>
    public ShapAlgorithm? Algorithm { get; init; }

    /// <summary>
    /// The most coalitions scored, base and full text included; default 500, for <c>exact</c> all, fewer where the text is read in windows,
    /// and at most 250 more for earlier generated tokens.
    /// </summary>
    [Range(2, 1_000_000)]
    public int? MaxEvaluations { get; init; }

    /// <summary>What stands in for an absent unit; default <c>mask</c>.</summary>
    public ReplacementRequest? Replacement { get; init; }

    /// <summary>Whether interactions are wanted: of pairs (<c>true</c>), of triples too (3); default <c>false</c>.</summary>
    public InteractionsRequest? Interactions { get; init; }

    /// <summary>Largest standard error at which to stop early; <c>partition</c>: the worth of a group that need not be opened.</summary>
    [Range(0.0, 1e6)]
    public double? Tolerance { get; init; }
}

/// <summary>What <c>/shap</c> answers.</summary>
public sealed record ShapAnswer : UnitExplanation
{
    /// <summary>Which estimator: what <c>auto</c> chose.</summary>
    [JsonPropertyOrder(-18)]
    public required string Algorithm { get; init; }

    /// <summary>Score of the text without any unit.</summary>
    public required double BaseValue { get; init; }

    /// <summary>Score of the whole text.</summary>
    public required double Value { get; init; }

    /// <summary>[unit][unit] pairwise Shapley interactions, symmetric, zero diagonal.</summary>
    public double[][]? Interactions { get; init; }

    /// <summary>
    /// With <c>"interactions": 3</c>: what three units do together beyond what their pairs and each of them do, strongest first; at most 50, those
    /// below a hundredth of the strongest unit's score left out.
    /// </summary>
    public IReadOnlyList<TripleAnswer>? TripleInteractions { get; init; }

    /// <summary>What replaced removed units: a token, <c>delete</c>, or the given text.</summary>
    public required string Replacement { get; init; }
}

/// <summary>A Shapley interaction of three units.</summary>
/// <param name="Units">Their places in <c>units</c>, in text order.</param>
/// <param name="Score">The interaction.</param>
public sealed record TripleAnswer(IReadOnlyList<int> Units, double Score);

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ShapRequest))]
[JsonSerializable(typeof(ShapAnswer))]
internal sealed partial class ShapJson : JsonSerializerContext;
