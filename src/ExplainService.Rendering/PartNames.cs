using ExplainService.Methods.Contracts;

namespace ExplainService.Rendering;

/// <summary>
/// What pictures call tokens and units: their text where they have one, as readers know their text and not a vocabulary; else the
/// vocabulary's form, so that nothing that has a score is without a name.
/// </summary>
public static class PartNames
{
    /// <summary>The name of a token of the text.</summary>
    public static string Of(TokenAnswer token) => token.Special || token.Text.Length == 0 ? token.Token : token.Text;

    /// <summary>The name of a generated token.</summary>
    public static string Of(GeneratedToken token) => token.Text.Length == 0 ? token.Token : token.Text;

    /// <summary>The name of a unit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="tokens">Of its answer.</param>
    public static string Of(UnitAnswer unit, IReadOnlyList<TokenAnswer> tokens) =>
        unit.Text.Length > 0
            ? unit.Text
            : string.Concat(unit.Tokens.Where(index => index < tokens.Count).Select(index => tokens[index].Token));
}
