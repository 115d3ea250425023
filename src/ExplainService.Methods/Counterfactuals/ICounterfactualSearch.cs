using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>What a search starts from.</summary>
/// <param name="Request">What is asked.</param>
/// <param name="Judge">Reads texts, within a budget.</param>
/// <param name="Units">The text's units.</param>
internal sealed record SearchInput(CounterfactualRequest Request, TextJudge Judge, UnitSet Units)
{
    private const int DefaultBeam = 5;

    /// <summary>How many are wanted.</summary>
    public int Wanted => Request.Count ?? 1;

    /// <summary>Texts of a size that are gone on from.</summary>
    public int Beam => Request.Beam ?? DefaultBeam;

    /// <summary>Whether a unit stays whatever happens.</summary>
    public bool Stays(int unit) => Units.Units[unit].Tokens.Any(Judge.Goal.Kept.Contains);

    /// <summary>The units that may be changed, in text order.</summary>
    public IReadOnlyList<int> Free { get; } =
    [.. Enumerable.Range(0, Units.Units.Count).Where(unit => !Units.Units[unit].Tokens.Any(Judge.Goal.Kept.Contains))];
}

/// <summary>A way of looking for counterfactuals; one file each.</summary>
internal interface ICounterfactualSearch
{
    /// <summary>Its name in requests.</summary>
    CounterfactualKind Kind { get; }

    /// <summary>Why it finds nothing in pictures, in a sentence; null: it does.</summary>
    string? NoPicturesReason => null;

    /// <summary>Whether what it finds has another prediction, rather than the same with less text.</summary>
    bool Changes(CounterfactualRequest request);

    /// <summary>Searches.</summary>
    /// <exception cref="Contracts.InvalidRequestException">The request lacks what it needs.</exception>
    Task<FoundTexts> RunAsync(SearchInput input, CancellationToken cancellationToken);
}
