namespace ExplainService.Jobs.Contracts;

/// <summary>Whether scores lie where no meaning is: on special tokens, or at a place of the text rather than on its words.</summary>
public sealed record ShortcutSummary
{
    /// <summary>Rows whose explanation has scores.</summary>
    public required int Rows { get; init; }

    /// <summary>Mean share of the absolute scores of tokens that special tokens have; none where the method gives them no scores.</summary>
    public double? SpecialTokens { get; init; }

    /// <summary>The text in fifths, from its beginning.</summary>
    public required IReadOnlyList<PlaceShare> Places { get; init; }
}

/// <summary>A fifth of the texts.</summary>
/// <param name="Units">Mean share of a text's units that stand there.</param>
/// <param name="Scores">Mean share of its absolute scores.</param>
public sealed record PlaceShare(double Units, double Scores);
