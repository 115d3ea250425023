namespace ExplainService.Methods.Contracts;

/// <summary>
/// An explanation that is judged: one of this service's own, by its endpoint and that endpoint's own fields, or scores from anywhere else. In
/// JSON <c>{"endpoint": "/shap", …}</c> or <c>{"scores": [{"start": 0, "end": 4, "score": 1.5}]}</c>.
/// </summary>
public sealed record ExplanationSource
{
    /// <summary>What it is called beside others.</summary>
    public string? Name { get; init; }

    /// <summary>The endpoint; null: the scores are the caller's.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The endpoint's request, with its own fields alone.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public TextRequest? Request { get; init; }

    /// <summary>The caller's scores.</summary>
    public IReadOnlyList<ScoreRequest>? Scores { get; init; }
}

/// <summary>A score of a stretch of the text, from anywhere: another explainer's, a person's.</summary>
public sealed record ScoreRequest
{
    /// <summary>Start in the text, in offset units.</summary>
    public required int Start { get; init; }

    /// <summary>End in the text, in offset units.</summary>
    public required int End { get; init; }

    /// <summary>Its score: positive where it speaks for the target.</summary>
    public required double Score { get; init; }
}
