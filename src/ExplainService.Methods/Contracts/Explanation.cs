using System.Text.Json.Serialization;
using ExplainService.Images.Units;
using ExplainService.Runtime;

namespace ExplainService.Methods.Contracts;

/// <summary>
/// What every explanation endpoint answers. Each endpoint has a record of its own, with the fields that are its own; a field that an answer
/// does not have is left out of the JSON. The pipeline fills in what follows from the request; methods give the rest.
/// </summary>
public abstract record Explanation
{
    /// <summary>The caller's own name of the request, as it was sent.</summary>
    [JsonPropertyOrder(-21)]
    public RequestId? Id { get; init; }

    /// <summary>The model's name.</summary>
    [JsonPropertyOrder(-20)]
    public string Model { get; init; } = "";

    /// <summary>What computed the scores, as the request calls it.</summary>
    [JsonPropertyOrder(-19)]
    public string Method { get; init; } = "";

    /// <summary>The function of the target's logits that is explained.</summary>
    [JsonPropertyOrder(-17)]
    public Objective? Objective { get; init; }

    /// <summary>What the model says of the text.</summary>
    [JsonPropertyOrder(-16)]
    public Prediction? Prediction { get; init; }

    /// <summary>What is explained.</summary>
    [JsonPropertyOrder(-15)]
    public TargetAnswer? Target { get; init; }

    /// <summary>What the explained score is the difference to, where the request says <c>against</c>.</summary>
    [JsonPropertyOrder(-15)]
    public TargetAnswer? Against { get; init; }

    /// <summary>The picture that was explained, where it was one.</summary>
    [JsonPropertyOrder(-13)]
    public PictureAnswer? Image { get; init; }

    /// <summary>The same for drawing: its pixels, which JSON does not repeat, and the units as regions of it.</summary>
    [JsonIgnore]
    public Lazy<ExplainedPicture>? Drawn { get; init; }

    /// <summary>The whole sequence that the model saw (seq2seq: the encoder's).</summary>
    [JsonPropertyOrder(-12)]
    public IReadOnlyList<TokenAnswer> Tokens { get; init; } = [];

    /// <summary>Generated (or given) target tokens, each with its own scores.</summary>
    [JsonPropertyOrder(10)]
    public IReadOnlyList<GeneratedToken>? Generated { get; init; }

    /// <summary>Where the model saw only part of the text: the parts that it did not see.</summary>
    [JsonPropertyOrder(11)]
    public IReadOnlyList<UnseenText>? Unseen { get; init; }

    /// <summary>
    /// Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole one and its changed
    /// forms, each once however many windows or identical ones it has.
    /// </summary>
    [JsonPropertyOrder(12)]
    public long? Evaluations { get; init; }

    /// <summary>Seed of every random draw.</summary>
    [JsonPropertyOrder(13)]
    public long? Seed { get; init; }

    /// <summary>Time from the parsed request to this answer, in milliseconds.</summary>
    [JsonPropertyOrder(14)]
    public double ElapsedMs { get; init; }

    /// <summary>What a reader must know to read the numbers right, in sentences.</summary>
    [JsonPropertyOrder(15)]
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>A stable code of each warning, in the same order.</summary>
    [JsonPropertyOrder(16)]
    public IReadOnlyList<string> WarningCodes { get; init; } = [];

    /// <summary>
    /// With <c>"quality": "basic"</c>: how far the scores can be trusted, as <c>metrics</c> of <c>/evaluate</c> says it: {metric: {replacement:
    /// figures}}.
    /// </summary>
    [JsonPropertyOrder(17)]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, MetricAnswer>>? Quality { get; init; }

    /// <summary>Whether it is about the target: maps of attention are not.</summary>
    [JsonIgnore]
    public bool ExplainsTarget { get; init; } = true;

    /// <summary><c>true</c> where scores are sizes alone, in no unit of the objective: how much a part matters, not for what.</summary>
    [JsonPropertyOrder(17)]
    public bool? Unsigned { get; init; }

    /// <summary>Whether its scores are sizes alone.</summary>
    [JsonIgnore]
    public bool IsUnsigned => Unsigned is true;

    /// <summary>Of a surrogate: the share of variance that it explains; null of other methods.</summary>
    internal virtual double? Fit => null;

    /// <summary>Of a method whose scores ought to add up: by how much they do not; null of other methods.</summary>
    internal virtual double? Gap => null;

    /// <summary>The method's name for people, which pictures bear.</summary>
    [JsonIgnore]
    public string Title { get; init; } = "";
}

/// <summary>An answer that scores parts of the text.</summary>
[AlwaysGiven(nameof(Objective), nameof(Prediction), nameof(Target), nameof(Evaluations), nameof(Seed))]
public abstract record UnitExplanation : Explanation
{
    /// <summary>Size of the units; <c>spans</c> for the caller's own.</summary>
    [JsonPropertyOrder(-14)]
    public required string Granularity { get; init; }

    /// <summary>Units of the text with their scores, in text order, without special tokens.</summary>
    [JsonPropertyOrder(-10)]
    public required IReadOnlyList<UnitAnswer> Units { get; init; }

    /// <summary>The same explanation for every class, where all were asked for: label → its units' scores and values.</summary>
    [JsonPropertyOrder(5)]
    public IReadOnlyList<LabelScores>? Labels { get; init; }
}

/// <summary>Fields of a base record, optional there, that every answer of this record has: the OpenAPI document calls them required.</summary>
/// <param name="fields">Their names.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AlwaysGivenAttribute(params string[] fields) : Attribute
{
    /// <summary>Names of the properties.</summary>
    public IReadOnlyList<string> Fields => fields;
}
