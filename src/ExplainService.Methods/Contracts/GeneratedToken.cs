namespace ExplainService.Methods.Contracts;

/// <summary>One target token of a generation with its own scores.</summary>
public sealed record GeneratedToken
{
    /// <summary>Vocabulary form.</summary>
    public required string Token { get; init; }

    /// <summary>Vocabulary id.</summary>
    public required int TokenId { get; init; }

    /// <summary>The text that it adds; empty for special tokens.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// <c>true</c> where the model's generation settings put it there whatever the model says (<c>forced_eos_token_id</c>): it is no part of
    /// what is explained.
    /// </summary>
    public bool? Forced { get; init; }

    /// <summary>Its probability given what stands before it.</summary>
    public required double Probability { get; init; }

    /// <summary>f: what <see cref="Scores"/> explain.</summary>
    public double? Score { get; init; }

    /// <summary>
    /// One score for each of <c>tokens</c>. Perturbation methods measure whole units: the tokens of a unit share its score evenly, so that
    /// sums over units are theirs.
    /// </summary>
    public double[]? Scores { get; init; }

    /// <summary>
    /// One score for each earlier generated token, the text being as it is: its gradient, its attention, the drop when it alone is
    /// occluded, its Shapley value or its weight in a surrogate among the earlier ones, the drop when others take its place. Scores of the
    /// text's tokens by perturbation take the earlier generated ones as given.
    /// </summary>
    public double[]? GeneratedScores { get; init; }

    /// <summary>Integrated gradients and gradient_shap: |Σ of both scores − (f(x) − f(baseline))| of this token.</summary>
    public double? CompletenessError { get; init; }
}
