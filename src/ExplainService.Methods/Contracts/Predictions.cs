namespace ExplainService.Methods.Contracts;

/// <summary>What a model says: its strongest class (or value) and the classes.</summary>
public sealed record Prediction
{
    /// <summary>Label of the strongest class: of the text, or of the token (position) that is explained.</summary>
    public string? Label { get; init; }

    /// <summary>Its index; for a vocabulary the token's id.</summary>
    public int? Index { get; init; }

    /// <summary>Its probability.</summary>
    public double? Probability { get; init; }

    /// <summary>Regression: the value.</summary>
    public double? Value { get; init; }

    /// <summary>A model without a head: the cosine of the embeddings of the text and its pair.</summary>
    public double? Similarity { get; init; }

    /// <summary>Question answering, generation: the predicted text.</summary>
    public string? Text { get; init; }

    /// <summary>Question answering: the span.</summary>
    public SpanAnswer? Span { get; init; }

    /// <summary>Classes with their logits and probabilities; of a vocabulary the strongest entries.</summary>
    public IReadOnlyList<LabelAnswer>? Labels { get; init; }

    /// <summary>
    /// Token classification: the strongest label of every token, special ones too. Masked LM: the strongest entry under every mask.
    /// </summary>
    public IReadOnlyList<TokenPrediction>? Tokens { get; init; }

    /// <summary>Token classification: tokens that stand for one thing, in text order.</summary>
    public IReadOnlyList<EntityAnswer>? Entities { get; init; }

    /// <summary>Question answering: the strongest valid spans.</summary>
    public IReadOnlyList<SpanPrediction>? Spans { get; init; }
}

/// <summary>One class (or vocabulary entry) with its logit and probability.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Index">Its column of the logits.</param>
/// <param name="Logit">Left out where the model rules the class out by a logit of −∞.</param>
/// <param name="Probability">Left out of a regression.</param>
public sealed record LabelAnswer(string Label, int Index, double? Logit = null, double? Probability = null)
{
    /// <summary>A class with the logit that the model gave it.</summary>
    public static LabelAnswer Of(string label, int index, float logit, double? probability) =>
        new(label, index, float.IsFinite(logit) ? logit : null, probability);
}

/// <summary>One token's strongest class (or, under a mask, vocabulary entry), and the others.</summary>
public sealed record TokenPrediction(int Token, string Label, int Index, double Probability)
{
    /// <summary>Classes by index; of a vocabulary the strongest entries, strongest first.</summary>
    public IReadOnlyList<LabelAnswer>? Labels { get; init; }
}

/// <summary>A named thing in the text: whole words, each labelled by its first token.</summary>
public sealed record EntityAnswer
{
    /// <summary>Its kind, without the B- or I- of its tokens' labels.</summary>
    public required string Label { get; init; }

    /// <summary>Its text.</summary>
    public required string Text { get; init; }

    /// <summary>Start in the text (or pair), in offset units.</summary>
    public required int Start { get; init; }

    /// <summary>End in the text (or pair), in offset units.</summary>
    public required int End { get; init; }

    /// <summary>Its tokens.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Product of its words' probabilities.</summary>
    public required double Probability { get; init; }

    /// <summary><c>pair</c> for entities of the second text.</summary>
    public string? In { get; init; }
}

/// <summary>A span that may be the answer.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Span">Where it is.</param>
/// <param name="Logit">Sum of its start and end logits.</param>
/// <param name="Probability">Product of its start and end probabilities.</param>
public sealed record SpanPrediction(string Text, SpanAnswer Span, double Logit, double Probability);

/// <summary>A span of tokens and of the text.</summary>
public sealed record SpanAnswer
{
    /// <summary>First token of the span.</summary>
    public required int StartToken { get; init; }

    /// <summary>Last token of the span.</summary>
    public required int EndToken { get; init; }

    /// <summary>Start in the context, in offset units.</summary>
    public required int Start { get; init; }

    /// <summary>End in the context, in offset units.</summary>
    public required int End { get; init; }
}
