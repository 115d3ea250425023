using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Attention;

/// <summary><c>POST /attention</c>.</summary>
public sealed record AttentionRequest : TextRequest
{
    /// <summary>How maps are combined; default <c>none</c>. <c>flow</c> refuses texts of over 128 tokens.</summary>
    public AttentionAggregate? Aggregate { get; init; }

    /// <summary>Layers, from 0; default all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Heads, from 0; default all.</summary>
    public IReadOnlyList<int>? Heads { get; init; }

    /// <summary>Whose attention; default <c>self</c>.</summary>
    public AttentionKind? Kind { get; init; }
}

/// <summary>What <c>/attention</c> answers.</summary>
[AlwaysGiven(nameof(Evaluations), nameof(Seed))]
public sealed record AttentionAnswer : Explanation
{
    /// <summary>Layers of <see cref="Attention"/> or behind <see cref="Matrix"/>.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Heads of <see cref="Attention"/> or behind <see cref="Matrix"/>.</summary>
    public required IReadOnlyList<int> Heads { get; init; }

    /// <summary>[layer][head][query][key].</summary>
    public float[][][][]? Attention { get; init; }

    /// <summary><c>value_zeroing</c>, <c>norms</c>: [layer][query][key].</summary>
    public float[][][]? Maps { get; init; }

    /// <summary>[query][key].</summary>
    public float[][]? Matrix { get; init; }

    /// <summary>Whose attention it is, which the JSON does not repeat.</summary>
    [JsonIgnore]
    public AttentionKind Kind { get; init; }

    /// <summary>One score per token: rollout, flow, gradient relevance. With <c>granularity</c> one per entry of <see cref="Units"/>.</summary>
    public double[]? Scores { get; init; }

    /// <summary>Size of the units, where the request asks for one.</summary>
    public string? Granularity { get; init; }

    /// <summary>
    /// With <c>granularity</c>: what rows and columns of the maps are, in their order (of cross-attention the columns). Special tokens
    /// stand for themselves, without a text; generated tokens follow.
    /// </summary>
    public IReadOnlyList<UnitAnswer>? Units { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AttentionRequest))]
[JsonSerializable(typeof(AttentionAnswer))]
internal sealed partial class AttentionJson : JsonSerializerContext;
