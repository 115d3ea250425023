using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Faithfulness;

/// <summary>What an answer says of units.</summary>
internal static class UnitScores
{
    /// <summary>The scores of units, or the sums over their tokens of scores of tokens; null: it has neither for all of them.</summary>
    public static double[]? Of(Explanation answer, UnitSet units)
    {
        if (answer is UnitExplanation { Units: var scored })
        {
            return scored.Count == units.Units.Count && scored.All(unit => unit.Score is { } score && double.IsFinite(score))
                ? [.. scored.Select(unit => unit.Score!.Value)]
                : null;
        }

        return units.Units.All(unit =>
            unit.Tokens.All(token => answer.Tokens.ElementAtOrDefault(token)?.Score is { } score && double.IsFinite(score))
        )
            ? [.. units.Units.Select(unit => unit.Tokens.Sum(token => answer.Tokens[token].Score!.Value))]
            : null;
    }
}
