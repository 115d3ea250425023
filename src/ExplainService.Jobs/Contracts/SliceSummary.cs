namespace ExplainService.Jobs.Contracts;

/// <summary>Rows that have the same value in the caller's column.</summary>
public sealed record SliceSummary
{
    /// <summary>The value; none of rows beyond the 200 values that came first.</summary>
    public string? Value { get; init; }

    /// <summary>Rows with an answer.</summary>
    public required long Rows { get; init; }

    /// <summary>What is predicted of them.</summary>
    public required IReadOnlyList<LabelShare> Predictions { get; init; }

    /// <summary>How well, over those that have a label of their own.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Mean of the F1 of every label that is predicted or true.</summary>
    public double? MacroF1 { get; init; }

    /// <summary>Mean probability of the true label.</summary>
    public double? MeanProbability { get; init; }
}
