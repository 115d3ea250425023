using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using ExplainService.Runtime;
using ExplainService.Text.ChatTemplates;

namespace ExplainService.Methods.Contracts;

/// <summary>
/// Fields that every request has. Null: not given, so that defaults are decided in one place. A number's range is an attribute, which the
/// checks of requests and the OpenAPI document both read.
/// </summary>
public abstract record ExplainRequest
{
    /// <summary>
    /// The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its problem too.
    /// </summary>
    public RequestId? Id { get; init; }

    /// <summary>The model's name; default: the only or the configured one.</summary>
    public string? Model { get; init; }

    /// <summary>What is explained; default: what the model predicts.</summary>
    public TargetRequest? Target { get; init; }

    /// <summary>
    /// A second target: what is explained is then the difference of the two logits, or log-probabilities (<c>objective</c>
    /// <c>probability</c> is taken for the latter): why this and not that. Default: none.
    /// </summary>
    public TargetRequest? Against { get; init; }

    /// <summary>
    /// The function of the target's logits that is explained; default <c>probability</c>, of generated tokens <c>log_probability</c>, of
    /// regression <c>logit</c>.
    /// </summary>
    public Objective? Objective { get; init; }

    /// <summary>Seed of every random draw: any whole number of 64 bits; default 0.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own limit for one request
    /// (<c>Limits:MaxRequestSeconds</c>, 600 s by default).
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? DeadlineMs { get; init; }

    /// <summary>Arithmetic of perturbation rows; default <c>exact</c>.</summary>
    public Precision? Precision { get; init; }

    /// <summary>
    /// <c>basic</c>: the answer says how far its scores can be trusted, by <c>area</c> under <c>mask</c> beside 20 random orders (up to 42
    /// evaluations a unit); default <c>none</c>.
    /// </summary>
    public AnswerQuality? Quality { get; init; }
}

/// <summary>A request about a text: what every method reads that looks at words.</summary>
public abstract record TextRequest : ExplainRequest
{
    /// <summary>The most tokens that a request may have generated.</summary>
    public const int MaxNewTokensLimit = 512;

    /// <summary>The text; required, unless there are <see cref="Messages"/> or an <see cref="Image"/>.</summary>
    [RequiredUnless(nameof(Messages), nameof(Image), "Texts")]
    public string Text { get; init; } = null!;

    /// <summary>
    /// A picture in place of <see cref="Text"/>, for models of pictures, alone or beside <see cref="Labels"/>: PNG, JPEG or WebP, as base64 or as a <c>data:</c> URL. In a form
    /// (<c>multipart/form-data</c>) it is the part <c>image</c>, the bytes themselves.
    /// </summary>
    public string? Image { get; init; }

    /// <summary>Of a picture with <c>"granularity": "superpixel"</c>: about how many, from 2 to 1,000; default 50.</summary>
    [Range(2, 1000)]
    public int? Segments { get; init; }

    /// <summary>
    /// A conversation in place of <see cref="Text"/>, up to 1,000 messages, for models with a chat template: the model reads what the template
    /// makes of it, and the contents are explained.
    /// </summary>
    public IReadOnlyList<MessageRequest>? Messages { get; init; }

    /// <summary>What the model's chat template made of <see cref="Messages"/>, which <see cref="Text"/> then is.</summary>
    [JsonIgnore]
    internal ChatPrompt? Prompt { get; init; }

    /// <summary>
    /// A second text: NLI, the context when <see cref="Text"/> is a question, or what a model without a head compares <see cref="Text"/> to.
    /// </summary>
    public string? Pair { get; init; }

    /// <summary>
    /// Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the hypothesis of each (zero-shot
    /// classification); for a model that compares pictures with texts: how like each the <see cref="Image"/> is.
    /// </summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>
    /// What <see cref="Labels"/> claim of the text, with <c>{}</c> where the label stands; default <c>This example is {}.</c>, beside a picture
    /// the label alone.
    /// </summary>
    public string? HypothesisTemplate { get; init; }

    /// <summary>
    /// Size of the units that get scores; default <c>word</c>, or <c>token</c> for <c>/saliency</c>. Several make a hierarchy. Of a picture
    /// <c>patch</c> (default) or <c>superpixel</c>; beside a picture units of texts are those of the label that is the target.
    /// </summary>
    public GranularityRequest? Granularity { get; init; }

    /// <summary>
    /// What to do with a text over the model's limit; of a text that fits it says nothing. Default <c>error</c>, but <c>/tokenize</c>
    /// lists all.
    /// </summary>
    public Overflow? Overflow { get; init; }

    /// <summary>How windows are combined under <c>"overflow": "window"</c>; default <c>mean</c>.</summary>
    public WindowReduction? WindowReduction { get; init; }

    /// <summary>What offsets count, in the request and in the answer; default <c>utf16</c>.</summary>
    public OffsetUnit? OffsetUnit { get; init; }

    /// <summary>
    /// Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq models do so by
    /// default, with 32; causal models explain the next token where neither this nor a target is given.
    /// </summary>
    [Range(1, MaxNewTokensLimit)]
    public int? MaxNewTokens { get; init; }

    /// <summary>Texts beside the one that is explained, with the names of their fields: what is longer than any model reads is refused.</summary>
    internal virtual IEnumerable<(string Field, string? Text)> SideTexts => TextsOf("target", Target).Concat(TextsOf("against", Against));

    private static IEnumerable<(string Field, string? Text)> TextsOf(string field, TargetRequest? target) =>
        [(field + ".continuation", target?.Continuation), (field + ".text", target?.Text), (field + ".label", target?.Label?.Name)];

    /// <summary>The texts of a list, as <see cref="SideTexts"/>.</summary>
    internal static IEnumerable<(string Field, string? Text)> TextsOf(string field, IReadOnlyList<string>? texts) =>
        (texts ?? []).Select((text, index) => (FormattableString.Invariant($"{field}[{index}]"), (string?)text));

    /// <summary>How many entries of a vocabulary (or spans) the prediction is to list, where the endpoint lets its caller say.</summary>
    internal virtual int? ListedEntries => null;

    /// <summary>Several texts in place of <see cref="Text"/>, of requests that may have them.</summary>
    internal virtual IReadOnlyList<string>? ManyTexts => null;

    /// <summary>Which field of the request <see cref="Spans"/> come from, for messages.</summary>
    internal virtual string SpansField => "spans";

    /// <summary>
    /// The caller's own units, [start, end] each, in place of <see cref="Granularity"/>; at most 10,000, without overlap.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? Spans { get; init; }

    /// <summary>
    /// Stretches of <see cref="Text"/>, [start, end] each, that become <c>█</c> before a model reads them, so that no answer, picture or result tells what
    /// stood there; at most 10,000.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? Redact { get; init; }
}
