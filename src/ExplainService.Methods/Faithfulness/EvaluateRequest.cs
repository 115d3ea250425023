using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;

namespace ExplainService.Methods.Faithfulness;

/// <summary><c>POST /evaluate</c>.</summary>
public sealed record EvaluateRequest : TextRequest
{
    /// <summary>What is judged; default <c>/saliency</c>, or <c>/occlusion</c> where the model has no gradient.</summary>
    public ExplanationSource? Explanation { get; init; }

    /// <summary>
    /// What is measured, each once; default all that need no second model: not <c>max_sensitivity</c> and <c>randomisation</c>, and
    /// <c>plausibility</c> where there is a <c>rationale</c>.
    /// </summary>
    public IReadOnlyList<Choice<MetricList>>? Metrics { get; init; }

    /// <summary>What stands in for removed units, each kind once; default <c>mask</c> and <c>delete</c>.</summary>
    public IReadOnlyList<ReplacementRequest>? Replacements { get; init; }

    /// <summary>How many random rankings each figure is compared with; default 20.</summary>
    [Range(0, 200)]
    public int? RandomOrders { get; init; }

    /// <summary>Whether to find the best and the worst figure of any ranking; default <c>false</c>.</summary>
    public bool? Normalise { get; init; }

    /// <summary>The spans, [start, end] each, that a person gives as reasons, for <c>plausibility</c>; up to 10,000.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Rationale { get; init; }

    /// <summary>
    /// The most texts that may be scored; those that the explanation itself takes count, whatever they are, and metrics have what is left.
    /// Default 4,000.
    /// </summary>
    [Range(1, 100_000)]
    public int? MaxEvaluations { get; init; }

    /// <inheritdoc/>
    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Concat(Measurement.TextsOf(Replacements));

    /// <inheritdoc/>
    internal override string SpansField => Explanation?.Scores is null ? base.SpansField : "explanation.scores";
}

/// <summary>What <c>/evaluate</c> answers.</summary>
[AlwaysGiven(nameof(Objective), nameof(Prediction), nameof(Target), nameof(Evaluations), nameof(Seed))]
public sealed record EvaluateAnswer : Explanation
{
    /// <summary>What was judged.</summary>
    [JsonPropertyOrder(-10)]
    public required EvaluatedExplanation Explanation { get; init; }

    /// <summary>
    /// {metric: {replacement: figures}}; metrics that change no text have the same figures under each.
    /// </summary>
    [JsonPropertyOrder(-9)]
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, MetricAnswer>> Metrics { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(EvaluateRequest))]
[JsonSerializable(typeof(EvaluateAnswer))]
internal sealed partial class EvaluateJson : JsonSerializerContext;
