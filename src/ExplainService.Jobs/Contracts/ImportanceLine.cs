using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Contracts;

/// <summary>What one row says of the importance of words.</summary>
public sealed record ImportanceLine
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>What the model says of the whole text.</summary>
    public required Prediction Prediction { get; init; }

    /// <summary>The row's own label, as the model calls it; none where the row has none.</summary>
    public string? Truth { get; init; }

    /// <summary>The probability of that label, else of the predicted one.</summary>
    public required double Probability { get; init; }

    /// <summary>The words of the text, or those of the features that were asked for.</summary>
    public required IReadOnlyList<FeatureLine> Features { get; init; }
}

/// <summary>What the model says without a feature.</summary>
/// <param name="Feature">A word or a phrase, in lower case.</param>
/// <param name="Removed">Without it; none where nothing would be left.</param>
/// <param name="Permuted">With words of other texts in its places, a draw each.</param>
public sealed record FeatureLine(string Feature, Outcome? Removed, IReadOnlyList<Outcome> Permuted);

/// <summary>A prediction of a changed text.</summary>
/// <param name="Label">The predicted label.</param>
/// <param name="Probability">The probability of the label that the whole text is measured by.</param>
public sealed record Outcome(string Label, double Probability);

/// <summary>Fields of <c>request</c> that only jobs of kind <c>importance</c> have.</summary>
public sealed record ImportanceOptions
{
    /// <summary>Words and phrases, at most 1,000; left out, every word of the texts.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Draws of permutation for each feature of a row, from 0 to 100; default 1.</summary>
    public int Draws { get; init; } = 1;

    /// <summary>Seed of the draws and of the intervals; default 0.</summary>
    public long Seed { get; init; }
}
