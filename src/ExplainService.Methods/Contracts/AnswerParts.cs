using System.Text.Json.Serialization;

namespace ExplainService.Methods.Contracts;

/// <summary>What is explained.</summary>
public sealed record TargetAnswer
{
    /// <summary>A class's name, a vocabulary entry.</summary>
    public string? Label { get; init; }

    /// <summary>A class's index.</summary>
    public int? Index { get; init; }

    /// <summary>A position in <c>tokens</c>.</summary>
    public int? Token { get; init; }

    /// <summary>A vocabulary entry's id.</summary>
    public int? TokenId { get; init; }

    /// <summary>A span of tokens.</summary>
    public SpanRequest? Span { get; init; }

    /// <summary>A text.</summary>
    public string? Text { get; init; }

    /// <summary>Tokens of a text.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary><c>true</c>: how similar the text and its pair are.</summary>
    public bool? Similarity { get; init; }

    /// <summary><c>all</c> where every class (token classification without a token: every entity) is explained at once.</summary>
    public string? Labels { get; init; }
}

/// <summary>One token that the model saw.</summary>
public sealed record TokenAnswer
{
    /// <summary>Position in the sequence.</summary>
    public required int Index { get; init; }

    /// <summary>Vocabulary id.</summary>
    public required int Id { get; init; }

    /// <summary>Vocabulary form.</summary>
    public required string Token { get; init; }

    /// <summary>The piece of the caller's text; empty for tokens that are not of it.</summary>
    public required string Text { get; init; }

    /// <summary>Start in the text (or pair), in offset units.</summary>
    public required int Start { get; init; }

    /// <summary>End in the text (or pair), in offset units.</summary>
    public required int End { get; init; }

    /// <summary>Added by the tokenizer or a chat template, or spelled out in the text: it steers the model, and no unit holds it.</summary>
    public required bool Special { get; init; }

    /// <summary><c>true</c> where the model sees the unknown token in place of this piece of the text.</summary>
    public bool? Unknown { get; init; }

    /// <summary><c>pair</c> for tokens of the second text.</summary>
    public string? In { get; init; }

    /// <summary>Of a conversation: which of its messages the offsets count in, from 0.</summary>
    public int? Message { get; init; }

    /// <summary>Of a picture: where it is, [x, y, width, height] in pixels of the picture as sent.</summary>
    public IReadOnlyList<int>? Box { get; init; }

    /// <summary>Score of this token, where the method gives one.</summary>
    public double? Score { get; init; }
}

/// <summary>One unit of the text with its score.</summary>
public sealed record UnitAnswer
{
    /// <summary>The unit's text, exactly <c>text[start..end]</c>.</summary>
    public required string Text { get; init; }

    /// <summary>Start in the text (or pair), in offset units.</summary>
    public required int Start { get; init; }

    /// <summary>End in the text (or pair), in offset units.</summary>
    public required int End { get; init; }

    /// <summary>Indices of its tokens.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>
    /// Its attribution. Missing only in a hierarchy under <c>/permutation</c>, where the text is a single unit of a level and has no other
    /// to put in its place.
    /// </summary>
    public double? Score { get; init; }

    /// <summary><c>pair</c> for units of the second text.</summary>
    public string? In { get; init; }

    /// <summary>Of a conversation: which of its messages the offsets count in, from 0.</summary>
    public int? Message { get; init; }

    /// <summary>
    /// Of a picture: where the unit is, [x, y, width, height] in pixels of the picture as sent; <c>text</c> is then its name (row and column of
    /// a patch), and <c>start</c> and <c>end</c> count units.
    /// </summary>
    public IReadOnlyList<int>? Box { get; init; }

    /// <summary>Standard error of a sampled score.</summary>
    public double? StandardError { get; init; }

    /// <summary>In a hierarchy: the units inside this one.</summary>
    public IReadOnlyList<UnitAnswer>? Units { get; init; }
}

/// <summary>One window of occlusion: the drop when all its units are removed.</summary>
public sealed record WindowAnswer(IReadOnlyList<int> Tokens, int Start, int End, double Score)
{
    /// <summary><c>pair</c> for windows of the second text.</summary>
    public string? In { get; init; }

    /// <summary>Of a conversation: which of its messages the offsets count in, from 0.</summary>
    public int? Message { get; init; }
}

/// <summary>Scores of one class (or of one entity's label) where all were asked for.</summary>
public sealed record LabelScores(
    [property: JsonPropertyOrder(-2)] string Label,
    [property: JsonPropertyOrder(-2)] int Index,
    double[] Scores
)
{
    /// <summary>f with every unit absent.</summary>
    [JsonPropertyOrder(-1)]
    public double? BaseValue { get; init; }

    /// <summary>f of the text.</summary>
    [JsonPropertyOrder(-1)]
    public double? Value { get; init; }

    /// <summary>Standard errors of the scores, where sampled; null for a score of a single draw.</summary>
    public IReadOnlyList<double?>? StandardErrors { get; init; }

    /// <summary>Intercept of the class's own surrogate model.</summary>
    public double? Intercept { get; init; }

    /// <summary>Weighted R² of the class's own surrogate model.</summary>
    public double? R2 { get; init; }

    /// <summary>Token classification, all entities at once: the entity's tokens.</summary>
    public IReadOnlyList<int>? Tokens { get; init; }

    /// <summary>The entity's text.</summary>
    public string? Text { get; init; }
}

/// <summary>f at one point of the path from the baseline to the input.</summary>
public sealed record PathPoint(double Alpha, double Value);

/// <summary>A part of the text that the model did not see.</summary>
public sealed record UnseenText(int Start, int End)
{
    /// <summary><c>pair</c> for the second text.</summary>
    public string? In { get; init; }
}
