using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>How a text is changed to change what the model says of it.</summary>
public enum CounterfactualKind
{
    /// <summary>The smallest set of units whose removal does it (default).</summary>
    Remove,

    /// <summary>Tokens become others of the vocabulary, chosen by the gradient.</summary>
    Flip,

    /// <summary>Units become what a masked language model would write in their place.</summary>
    Fill,

    /// <summary>What is left when the least important unit goes again and again while the prediction stays.</summary>
    Reduce,
}

/// <summary><c>POST /counterfactual</c>.</summary>
public sealed record CounterfactualRequest : TextRequest
{
    /// <summary>How the text is changed; default <c>remove</c>.</summary>
    public CounterfactualKind? Method { get; init; }

    /// <summary>
    /// What the model is to say instead: a label by name or index, of a language model a token, of question answering the answer's text;
    /// default any other.
    /// </summary>
    public LabelRequest? To { get; init; }

    /// <summary>
    /// The most changes of one counterfactual; with <c>keep</c> the most units kept. Default 10, for <c>flip</c> and <c>fill</c> 5, for
    /// <c>reduce</c> no limit.
    /// </summary>
    [Range(1, 100)]
    public int? MaxEdits { get; init; }

    /// <summary>Texts that a search goes on from at each size; default 5.</summary>
    [Range(1, 50)]
    public int? Beam { get; init; }

    /// <summary>How many counterfactuals are wanted, all different; default 1.</summary>
    [Range(1, 20)]
    public int? Count { get; init; }

    /// <summary><c>remove</c>: the smallest set of units that alone keeps the prediction; default <c>false</c>.</summary>
    public bool? Keep { get; init; }

    /// <summary>Of a picture: what stands for hidden units; default <c>mean</c>. Units of a text are taken out of it.</summary>
    public ReplacementRequest? Replacement { get; init; }

    /// <summary><c>fill</c>: the masked language model, one of those that are served; default the model itself where it is one.</summary>
    public string? FillModel { get; init; }

    /// <summary>
    /// The most texts scored or differentiated, those of <c>fill_model</c> included; default 500, fewer where the text is read in windows.
    /// </summary>
    [Range(10, 10_000)]
    public int? MaxEvaluations { get; init; }

    /// <inheritdoc/>
    /// <remarks>Of a vocabulary the token wanted is looked for among the strongest, however far down it still is.</remarks>
    internal override int? ListedEntries => Listed;

    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Append(("replacement.text", Replacement?.Text));

    /// <summary>See <see cref="ListedEntries"/>.</summary>
    [JsonIgnore]
    internal int? Listed { get; init; }
}

/// <summary>One change: a stretch of the text as it was sent becomes another, or a unit of a picture is hidden.</summary>
/// <param name="Start">Start in the text (or pair) as sent, in offset units.</param>
/// <param name="End">End in it, in offset units.</param>
/// <param name="From">What stands there; of a picture the unit's name.</param>
/// <param name="To">What is to stand there; empty: nothing; of a picture what the unit becomes.</param>
public sealed record EditAnswer(int Start, int End, string From, string To)
{
    /// <summary><c>pair</c> for changes of the second text.</summary>
    public string? In { get; init; }

    /// <summary>Of a picture: where the hidden unit is, [x, y, width, height] in pixels of the picture as sent.</summary>
    public IReadOnlyList<int>? Box { get; init; }
}

/// <summary>A changed text and what the model says of it.</summary>
public sealed record CounterfactualTextAnswer
{
    /// <summary>The text with the edits applied; of a picture one object replacement character for each unit that is shown.</summary>
    public required string Text { get; init; }

    /// <summary>The second text with its edits applied, where there is one.</summary>
    public string? Pair { get; init; }

    /// <summary>The changes, in text order, without overlap; each can be put back by itself.</summary>
    public required IReadOnlyList<EditAnswer> Edits { get; init; }

    /// <summary>What <c>/predict</c> says of this very text, or the model of the picture with these units hidden.</summary>
    public required Prediction Prediction { get; init; }

    /// <summary>Where a token is explained: its place in the changed text's own tokens.</summary>
    public TargetAnswer? Target { get; init; }

    /// <summary>
    /// Whether no edit can be put back: each was, and the prediction was as before. With <c>keep</c> and <c>reduce</c>: no further unit can go.
    /// <c>false</c> where there was no time or budget to find out.
    /// </summary>
    public required bool Minimal { get; init; }
}

/// <summary>What <c>/counterfactual</c> answers.</summary>
[AlwaysGiven(nameof(Objective), nameof(Prediction), nameof(Target), nameof(Evaluations), nameof(Seed))]
public sealed record CounterfactualAnswer : Explanation
{
    /// <summary>Size of the units that were changed; <c>spans</c> for the caller's own.</summary>
    [JsonPropertyOrder(-14)]
    public required string Granularity { get; init; }

    /// <summary>Of a picture: what stands for hidden units.</summary>
    [JsonPropertyOrder(-13)]
    public string? Replacement { get; init; }

    /// <summary>Fewest edits first (with <c>keep</c> the shortest text); every one was confirmed by the model.</summary>
    public required IReadOnlyList<CounterfactualTextAnswer> Counterfactuals { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CounterfactualRequest))]
[JsonSerializable(typeof(CounterfactualAnswer))]
internal sealed partial class CounterfactualJson : JsonSerializerContext;
