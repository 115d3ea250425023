using System.ComponentModel.DataAnnotations;

namespace ExplainService.Jobs.Contracts;

/// <summary>Two simple models that were taught the model's answers, and how far they can speak for it.</summary>
public sealed record SurrogateSummary
{
    /// <summary>Rows that they were taught.</summary>
    public required int Taught { get; init; }

    /// <summary>Pieces of those rows, a few words each, that the regression was taught too.</summary>
    public int Pieces { get; init; }

    /// <summary>Rows that were held out, on which fidelity is measured.</summary>
    public required int HeldOut { get; init; }

    /// <summary>What always answering the label that is most frequent among the taught rows agrees with.</summary>
    public required MajorityFidelity Majority { get; init; }

    /// <summary>A sparse logistic regression on words and pairs of words.</summary>
    public required LogisticSummary Logistic { get; init; }

    /// <summary>A tree of at most four questions whether a word, or a pair, is there.</summary>
    public required TreeSummary Tree { get; init; }
}

/// <summary>The label that is most frequent, and its share of the held-out rows.</summary>
public sealed record MajorityFidelity(string Label, double Agreement);

/// <summary>How well a surrogate speaks for the model on held-out rows.</summary>
/// <param name="Agreement">Share of rows for which both choose the same label.</param>
/// <param name="R2">Of the model's log-odds of every label, by the surrogate's.</param>
/// <param name="MacroF1">With the model's labels as the truth.</param>
public sealed record Fidelity(double Agreement, double R2, double MacroF1);

/// <summary>The logistic regression.</summary>
/// <param name="Fidelity">How well it speaks for the model.</param>
/// <param name="Features">Words and pairs with a weight.</param>
/// <param name="Labels">The strongest of each label.</param>
public sealed record LogisticSummary(Fidelity Fidelity, int Features, IReadOnlyList<LabelWeights> Labels);

/// <summary>Weights of one label.</summary>
public sealed record LabelWeights(string Label, double Intercept, IReadOnlyList<FeatureWeight> Words);

/// <summary>A word or a pair of words and its weight.</summary>
public sealed record FeatureWeight(string Feature, double Weight);

/// <summary>The tree.</summary>
/// <param name="Fidelity">How well it speaks for the model.</param>
/// <param name="Rules">Its leaves.</param>
public sealed record TreeSummary(Fidelity Fidelity, IReadOnlyList<TreeRule> Rules);

/// <summary>One leaf.</summary>
/// <param name="With">Words and pairs that are there.</param>
/// <param name="Without">Those that are not.</param>
/// <param name="Label">What it says.</param>
/// <param name="Share">Of its taught rows for which the model says so.</param>
/// <param name="Rows">Its taught rows.</param>
public sealed record TreeRule(IReadOnlyList<string> With, IReadOnlyList<string> Without, string Label, double Share, int Rows);

/// <summary><c>GET /jobs/{id}/surrogate</c>: all that it takes to run the surrogates elsewhere.</summary>
public sealed record SurrogateFile
{
    /// <summary>The labels, in the order of the weights.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Of the logistic regression, by label.</summary>
    public required IReadOnlyList<double> Intercepts { get; init; }

    /// <summary>Words and pairs: a text's weight of one is its count times <c>idf</c>, divided by the length of all its weights.</summary>
    public required IReadOnlyList<SurrogateFeature> Features { get; init; }

    /// <summary>The leaves of the tree.</summary>
    public required IReadOnlyList<TreeRule> Rules { get; init; }
}

/// <summary>A word or a pair of words.</summary>
public sealed record SurrogateFeature(string Feature, double Idf, IReadOnlyList<double> Weights);

/// <summary><c>POST /jobs/{id}/surrogate/predict</c>.</summary>
public sealed record SurrogateRequest
{
    /// <summary>The text.</summary>
    [Required]
    public required string Text { get; init; }
}

/// <summary>What the surrogates of a job say of a text.</summary>
/// <param name="Logistic">The logistic regression.</param>
/// <param name="Tree">The tree.</param>
public sealed record SurrogateAnswer(SurrogatePrediction Logistic, SurrogatePrediction Tree);

/// <summary>A surrogate's prediction.</summary>
/// <param name="Label">The strongest label.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Labels">Every label's probability.</param>
public sealed record SurrogatePrediction(string Label, double Probability, IReadOnlyDictionary<string, double> Labels);
