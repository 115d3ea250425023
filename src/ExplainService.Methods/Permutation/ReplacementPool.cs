using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Text.Tokenization;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Permutation;

/// <summary>The texts that take the place of a text's units: the text's own units, or those of a background.</summary>
/// <param name="Texts">Every replacement.</param>
/// <param name="OwnText">Replacement i is the text's own unit i.</param>
public sealed record ReplacementPool(IReadOnlyList<PlacedText> Texts, bool OwnText)
{
    /// <summary>Replacements that any one unit has; no unit replaces itself.</summary>
    public int PerUnit => OwnText ? Texts.Count - 1 : Texts.Count;

    /// <summary>
    /// About how many replacements a unit will have, without tokenizing: a token is a word or a part of one, so that there are at least so many.
    /// </summary>
    /// <param name="units">Units of the text.</param>
    /// <param name="background">As the request has it.</param>
    /// <param name="granularity">Null: spans.</param>
    /// <param name="most">Beyond which nobody counts.</param>
    public static int Expected(int units, IReadOnlyList<string>? background, Granularity? granularity, int most)
    {
        var all = (background, granularity) switch
        {
            (null, _) => units - 1,
            ({ } texts, null) => texts.Count,
            ({ } texts, Granularity.Token) => Units(texts, Granularity.Word),
            ({ } texts, { } level) => Units(texts, level),
        };
        return Math.Min(most, all);

        int Units(IReadOnlyList<string> texts, Granularity level) =>
            texts.SelectMany(text => TextUnits.Spans(text, level)).Take(most).Count();
    }

    /// <summary>
    /// The units of the text, or of the background texts at the same granularity; spans have none, so a background text is one replacement.
    /// </summary>
    /// <returns>Null where the text is a single unit and so has no other to put in its place.</returns>
    /// <exception cref="InvalidRequestException">The background is empty (422).</exception>
    public static ReplacementPool? Of(
        ExplanationContext context,
        UnitSet units,
        IReadOnlyList<string>? background,
        Granularity? granularity,
        CancellationToken cancellationToken
    )
    {
        if (background is null && units.Units.Count <= 1)
        {
            return null;
        }

        if (context.Input.Picture is { } picture)
        {
            return OfPicture(picture, units, background);
        }

        var tokenizer = context.Model.Tokenizer;
        if (background is null)
        {
            var input = context.Input;
            PlacedText[] own =
            [
                .. units.Units.Select(unit => PlacedText.Of(tokenizer, input.Tokens, input.TextOf(unit.Sequence), unit.Tokens)),
            ];
            return new ReplacementPool(own, OwnText: true);
        }

        PlacedText[] others = [.. background.SelectMany(text => Split(tokenizer, text, granularity, cancellationToken))];
        return others.Length > 0
            ? new ReplacementPool(others, OwnText: false)
            : throw InvalidRequestException.CannotDo("background", "The background texts have no tokens.");
    }

    private static ReplacementPool OfPicture(PreparedPicture picture, UnitSet units, IReadOnlyList<string>? background) =>
        background is null
            ? new ReplacementPool(
                [.. units.Units.Select(unit => PlacedText.Exactly(picture.Table.Elsewhere(unit.Tokens[0])))],
                OwnText: true
            )
            : throw InvalidRequestException.CannotDo("background", "Background texts have no patches; a picture's are its own.");

    private static IEnumerable<PlacedText> Split(
        Tokenizer tokenizer,
        string text,
        Granularity? granularity,
        CancellationToken cancellationToken
    )
    {
        var encoding = tokenizer.Encode(text, addSpecialTokens: false, cancellationToken: cancellationToken);
        IEnumerable<IReadOnlyList<int>> parts = granularity switch
        {
            null =>
            [
                [.. Enumerable.Range(0, encoding.Count)],
            ],
            Granularity.Token => Enumerable.Range(0, encoding.Count).Select(token => new[] { token }),
            { } level => UnitGrouping.Group(encoding, 0, text, TextUnits.Split(text, level)).Select(unit => unit.Tokens),
        };
        return parts.Where(tokens => tokens.Count > 0).Select(tokens => PlacedText.Of(tokenizer, encoding, text, tokens));
    }
}
