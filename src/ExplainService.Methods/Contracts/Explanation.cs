using ExplainService.Runtime;

namespace ExplainService.Methods.Contracts;

/// <summary>
/// The answer of every explanation endpoint. Fields that a method does not give are left out of the JSON.
/// </summary>
public sealed record Explanation
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What computed the scores, as the request calls it.</summary>
    public required string Method { get; init; }

    /// <summary>Which estimator of the method, where it has several (<c>/shap</c>: what <c>auto</c> chose).</summary>
    public string? Algorithm { get; init; }

    /// <summary>The function of the target's logits that is explained.</summary>
    public Objective? Objective { get; init; }

    /// <summary>What the model says of the text.</summary>
    public Prediction? Prediction { get; init; }

    /// <summary>What is explained.</summary>
    public TargetAnswer? Target { get; init; }

    /// <summary>Size of the units; <c>spans</c> for the caller's own.</summary>
    public string? Granularity { get; init; }

    /// <summary>The whole sequence that the model saw (seq2seq: the encoder's).</summary>
    public IReadOnlyList<TokenAnswer>? Tokens { get; init; }

    /// <summary>Units of the text with their scores, in text order, without special tokens.</summary>
    public IReadOnlyList<UnitAnswer>? Units { get; init; }

    /// <summary>Occlusion's windows, in text order.</summary>
    public IReadOnlyList<WindowAnswer>? Windows { get; init; }

    /// <summary>Layers of <see cref="Attention"/> or behind <see cref="Matrix"/>.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Heads of <see cref="Attention"/> or behind <see cref="Matrix"/>.</summary>
    public IReadOnlyList<int>? Heads { get; init; }

    /// <summary>[layer][head][query][key].</summary>
    public float[][][][]? Attention { get; init; }

    /// <summary>[query][key].</summary>
    public float[][]? Matrix { get; init; }

    /// <summary>One score per token: rollout, flow, gradient relevance.</summary>
    public double[]? Scores { get; init; }

    /// <summary>Score of the text without any unit.</summary>
    public double? BaseValue { get; init; }

    /// <summary>Score of the whole text.</summary>
    public double? Value { get; init; }

    /// <summary>[unit][unit] pairwise Shapley interactions, symmetric, zero diagonal.</summary>
    public double[][]? Interactions { get; init; }

    /// <summary>The same explanation for every class, where all were asked for: label → its units' scores and values.</summary>
    public IReadOnlyList<LabelScores>? Labels { get; init; }

    /// <summary>Intercept of a surrogate model.</summary>
    public double? Intercept { get; init; }

    /// <summary>Weighted R² of a surrogate model.</summary>
    public double? R2 { get; init; }

    /// <summary>Integrated gradients, and expected gradients from a baseline without noise: |Σ scores − (f(x) − f(baseline))|.</summary>
    public double? CompletenessError { get; init; }

    /// <summary>Points of the quadrature that were used.</summary>
    public int? Steps { get; init; }

    /// <summary>Integrated gradients: f along the path, by α (for pictures of the path).</summary>
    public IReadOnlyList<PathPoint>? Path { get; init; }

    /// <summary>Generated (or given) target tokens, each with its own scores.</summary>
    public IReadOnlyList<GeneratedToken>? Generated { get; init; }

    /// <summary>What replaced removed units: a token, <c>delete</c>, or the given text.</summary>
    public string? Replacement { get; init; }

    /// <summary>Where the model saw only part of the text: the parts that it did not see.</summary>
    public IReadOnlyList<UnseenText>? Unseen { get; init; }

    /// <summary>
    /// Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole one and its changed
    /// forms, each once however many windows or identical ones it has.
    /// </summary>
    public long? Evaluations { get; init; }

    /// <summary>Seed of every random draw.</summary>
    public long? Seed { get; init; }

    /// <summary>Time from the parsed request to this answer, in milliseconds.</summary>
    public double? ElapsedMs { get; init; }

    /// <summary>What a reader must know to read the numbers right, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>A stable code of each warning, in the same order.</summary>
    public IReadOnlyList<string> WarningCodes { get; init; } = [];
}

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

    /// <summary>The piece of the caller's text; empty for special tokens.</summary>
    public required string Text { get; init; }

    /// <summary>Start in the text (or pair), in offset units.</summary>
    public required int Start { get; init; }

    /// <summary>End in the text (or pair), in offset units.</summary>
    public required int End { get; init; }

    /// <summary>Added by the tokenizer rather than found in the text.</summary>
    public required bool Special { get; init; }

    /// <summary><c>pair</c> for tokens of the second text.</summary>
    public string? In { get; init; }

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
}

/// <summary>Scores of one class (or of one entity's label) where all were asked for.</summary>
public sealed record LabelScores(string Label, int Index, double? BaseValue, double? Value, double[] Scores)
{
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
