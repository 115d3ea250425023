using ExplainService.Text.Units;

namespace ExplainService.Methods.Contracts;

/// <summary>A label by name or by index, or every label at once (<c>"labels": "all"</c>); a position; a span; tokens; a text.</summary>
public sealed record TargetRequest
{
    /// <summary>A class by its name or index.</summary>
    public LabelRequest? Label { get; init; }

    /// <summary>Only <c>"all"</c>: every class at once.</summary>
    public string? Labels { get; init; }

    /// <summary>A position in <c>tokens</c>: token classification, masked LM.</summary>
    public int? Token { get; init; }

    /// <summary>The token wanted at <see cref="Token"/>: masked LM.</summary>
    public int? TokenId { get; init; }

    /// <summary>A span of tokens: question answering.</summary>
    public SpanRequest? Span { get; init; }

    /// <summary>The text that a causal model is to continue with.</summary>
    public string? Continuation { get; init; }

    /// <summary>Tokens of a continuation or of a target text.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>The target text of a seq2seq model.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// Only <c>true</c>: the cosine of the embeddings of <c>text</c> and <c>pair</c>, of a model without a head (the default there).
    /// </summary>
    public bool? Similarity { get; init; }
}

/// <summary>A message of a conversation.</summary>
public sealed record MessageRequest
{
    /// <summary>Who says it, as the chat template names roles: <c>system</c>, <c>user</c>, <c>assistant</c> as a rule.</summary>
    public required string Role { get; init; }

    /// <summary>What is said.</summary>
    public required string Content { get; init; }
}

/// <summary>First and last token of a span, both included.</summary>
public sealed record SpanRequest
{
    /// <summary>First token.</summary>
    public int? Start { get; init; }

    /// <summary>Last token.</summary>
    public int? End { get; init; }
}

/// <summary>In JSON a string (the label's name) or an integer (its index).</summary>
public sealed record LabelRequest(string? Name, int? Index);

/// <summary>The caller's own name for a line of NDJSON: in JSON a string or a number, given back as it was written.</summary>
/// <param name="Json">As JSON.</param>
public sealed record RequestId(string Json);

/// <summary>In JSON one name or a list from coarse to fine.</summary>
public sealed record GranularityRequest(IReadOnlyList<Granularity> Levels);

/// <summary>Fixed starting points of integrated gradients.</summary>
public enum BaselineKind
{
    /// <summary>The padding token's embedding.</summary>
    Pad,

    /// <summary>The mask token's.</summary>
    Mask,

    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The mean embedding of the vocabulary.</summary>
    Mean,

    /// <summary>A text's.</summary>
    Text,

    /// <summary>Of a picture: the picture, out of focus.</summary>
    Blur,

    /// <summary>Of a picture: noise of its mean and spread.</summary>
    Noise,
}

/// <summary>In JSON <c>"pad" | "mask" | "zero" | "mean"</c>, of pictures <c>"blur" | "noise"</c> too, or <c>{"text": "…"}</c>.</summary>
public sealed record BaselineRequest(BaselineKind Kind, string? Text = null);

/// <summary>What stands in for a removed unit.</summary>
public enum ReplacementKind
{
    /// <summary>The mask token for each of its tokens (default).</summary>
    Mask,

    /// <summary>The padding token, attended to.</summary>
    Pad,

    /// <summary>Nothing: the text gets shorter.</summary>
    Delete,

    /// <summary>The tokens of a given text.</summary>
    Text,

    /// <summary>Of a picture: its mean colour (default of pictures).</summary>
    Mean,

    /// <summary>Of a picture: zero in the numbers that the model reads.</summary>
    Zero,

    /// <summary>Of a picture: the picture, out of focus.</summary>
    Blur,

    /// <summary>Of a picture: noise of its mean and spread.</summary>
    Noise,
}

/// <summary>In JSON <c>"mask" | "pad" | "delete"</c>, of pictures <c>"mean" | "zero" | "blur" | "noise"</c>, or <c>{"text": "…"}</c>.</summary>
public sealed record ReplacementRequest(ReplacementKind Kind, string? Text = null);

/// <summary>Up to how many units whose joint effect is wanted: in JSON <c>false</c> (none), <c>true</c> or 2 (pairs), 3 (triples too).</summary>
/// <param name="Order">0, 2 or 3.</param>
public sealed record InteractionsRequest(int Order);
