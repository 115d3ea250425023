using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;

namespace ExplainService.Methods.Faithfulness;

/// <summary><c>POST /compare</c>.</summary>
public sealed record CompareRequest : TextRequest
{
    /// <summary>The most methods of a comparison.</summary>
    internal const int MaxMethods = 30;

    /// <summary>
    /// What is compared, from 2 to 30, each with a name of its own or called by what it is; scores from elsewhere may be among them, whose
    /// spans are then the units of all. Default: what the model supports of integrated gradients, CP-LRP, gradient relevance, occlusion, Shapley
    /// values and LIME.
    /// </summary>
    public IReadOnlyList<ExplanationSource>? Methods { get; init; }

    /// <summary>Several texts in place of <c>text</c>, from 1 to 1,000: figures are then means over them.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>
    /// What is measured, each once; default <c>area</c>, <c>comprehensiveness</c> and <c>sufficiency</c>, and <c>plausibility</c> where there is a
    /// <c>rationale</c>. Always with <c>area</c>.
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
    /// Beside <c>texts</c>, what <c>rationale</c> is of one: a list of spans for each text, empty where nobody has given reasons.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<int>>>? Rationales { get; init; }

    /// <summary>
    /// The most texts that may be scored for each text of the request, by the methods and the metrics together; default 4,000.
    /// </summary>
    [Range(1, 100_000)]
    public int? MaxEvaluations { get; init; }

    /// <inheritdoc/>
    internal override IReadOnlyList<string>? ManyTexts => Texts;

    /// <inheritdoc/>
    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Concat(Measurement.TextsOf(Replacements));

    /// <inheritdoc/>
    internal override string SpansField =>
        Methods?.Index().Where(source => source.Item.Scores is not null).Select(source => (int?)source.Index).FirstOrDefault() is { } index
            ? FormattableString.Invariant($"methods[{index}].scores")
            : base.SpansField;
}

/// <summary>What <c>/compare</c> answers.</summary>
[AlwaysGiven(nameof(Evaluations), nameof(Seed))]
public sealed record CompareAnswer : Explanation
{
    /// <summary>Of a single text: what was compared, in the order of <see cref="Methods"/>.</summary>
    [JsonPropertyOrder(-10)]
    public IReadOnlyList<EvaluatedExplanation>? Explanations { get; init; }

    /// <summary>The methods with their figures, in the order of the request.</summary>
    [JsonPropertyOrder(-9)]
    public required IReadOnlyList<ComparedMethod> Methods { get; init; }

    /// <summary>
    /// [method][method]: Spearman between the scores of two methods, over several texts its mean; null where scores are all equal.
    /// </summary>
    [JsonPropertyOrder(-8)]
    public required IReadOnlyList<IReadOnlyList<double?>> Agreement { get; init; }

    /// <summary>The most faithful method by <c>area</c>; left out where none was measured.</summary>
    [JsonPropertyOrder(-7)]
    public Recommendation? Recommendation { get; init; }

    /// <summary>Of several texts: how the recommended method differs from each other one in <c>area</c>.</summary>
    [JsonPropertyOrder(-6)]
    public IReadOnlyList<PairedDifference>? Differences { get; init; }

    /// <summary>Of several texts: how many were compared.</summary>
    [JsonPropertyOrder(-5)]
    public int? Texts { get; init; }
}

/// <summary>A method beside others.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Metrics">{metric: {replacement: figures}}; over several texts means with their standard errors.</param>
/// <param name="Evaluations">Texts that it scored or differentiated, over all texts, whether or not another had asked for them.</param>
/// <param name="ElapsedMs">Time that its explanations took, in milliseconds, over all texts; what another had scored was there already.</param>
public sealed record ComparedMethod(
    string Name,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, MetricAnswer>> Metrics,
    long Evaluations,
    double ElapsedMs
);

/// <summary>Which method to use.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Significant">Whether it differs from every other by more than chance; never of a single text.</param>
public sealed record Recommendation(string Name, string Reason, bool Significant);

/// <summary>How two methods differ over texts.</summary>
/// <param name="Name">The recommended one.</param>
/// <param name="Other">The other.</param>
/// <param name="Mean">The mean of the differences of <c>area</c>, which is that over replacements.</param>
/// <param name="StandardError">Its standard error; null of a single text.</param>
/// <param name="P">Two-sided p-value of a paired t-test; null where it says nothing.</param>
/// <param name="PCorrected">The same by Holm's correction for so many comparisons.</param>
/// <param name="Significant">Whether it is below 0.05.</param>
public sealed record PairedDifference(
    string Name,
    string Other,
    double Mean,
    double? StandardError,
    double? P,
    double? PCorrected,
    bool Significant
);

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CompareRequest))]
[JsonSerializable(typeof(CompareAnswer))]
internal sealed partial class CompareJson : JsonSerializerContext;
