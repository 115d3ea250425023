using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering;

/// <summary>A part of the text with its score.</summary>
/// <param name="Text">The part; where it covers no text, the name of its token.</param>
/// <param name="InPair">In the second text.</param>
/// <param name="Start">Start in its text, UTF-16.</param>
/// <param name="End">End in its text, UTF-16.</param>
/// <param name="Score">Its score.</param>
/// <param name="StandardError">Of a sampled score.</param>
public sealed record ScoredPart(string Text, bool InPair, int Start, int End, double Score, double? StandardError = null)
{
    /// <summary>What is said when it is pointed at.</summary>
    public string Tip =>
        Typography.VisibleText.OneLine(Text, Typography.VisibleText.MaxTipLength)
        + ": "
        + Numbers.Signed(Score)
        + (StandardError is { } error ? " ± " + Numbers.Plain(error) : "");
}

/// <summary>Scores of the parts of a text, as every attribution gives them.</summary>
/// <param name="Parts">In text order.</param>
/// <param name="IsSigned">Whether scores may speak against the target.</param>
public sealed record Attribution(IReadOnlyList<ScoredPart> Parts, bool IsSigned)
{
    /// <summary>The largest absolute score.</summary>
    public double Largest => Parts.Select(part => Math.Abs(part.Score)).Where(double.IsFinite).DefaultIfEmpty(0).Max();

    /// <summary>What the largest score would at least be if the text mattered.</summary>
    public double Floor { get; init; }

    /// <summary>The score of the strongest colour.</summary>
    public double Scale(PictureOptions options) => ColourScale.Of(Largest, Floor, options);

    /// <summary>The attribution of an answer: its units, else its tokens' scores; null where it has none.</summary>
    public static Attribution? Of(Subject subject)
    {
        var answer = subject.Explanation;
        var offsets = new TextOffsets(subject);
        IReadOnlyList<ScoredPart> parts = answer switch
        {
            UnitExplanation { Units: { Count: > 0 } units } => Of(Scored(units), answer.Tokens, offsets),
            AttentionAnswer { Scores: not null, Units: { Count: > 0 } units, Tokens: var tokens } => Of(
                [.. units.Where(unit => !unit.Tokens.All(index => tokens[index].Special))],
                tokens,
                offsets
            ),
            AttentionAnswer { Scores: { } scores, Tokens: var tokens } when scores.Length == tokens.Count =>
            [
                .. tokens
                    .Where(token => !token.Special)
                    .Select(token => new ScoredPart(
                        PartNames.Of(token),
                        token.In == "pair",
                        offsets.Of(token.In, token.Start),
                        offsets.Of(token.In, token.End),
                        scores[token.Index]
                    )),
            ],
            _ => [],
        };
        return parts.Count == 0
            ? null
            : new Attribution(parts, !answer.IsUnsigned || parts.Any(part => part.Score < 0)) { Floor = ColourScale.FloorOf(answer) };
    }

    /// <summary>The attributions of a hierarchy, from coarse to fine; of an answer without one, its only one.</summary>
    public static IReadOnlyList<Attribution> Levels(Subject subject)
    {
        if (Of(subject) is not { } first)
        {
            return [];
        }

        var levels = new List<Attribution> { first };
        var offsets = new TextOffsets(subject);
        for (var units = Finer(Scored(subject.Units)); units.Count > 0; units = Finer(units))
        {
            levels.Add(first with { Parts = Of(units, subject.Explanation.Tokens, offsets) });
        }

        return levels;
    }

    /// <summary>The strongest parts, and the others.</summary>
    /// <param name="top">The most parts.</param>
    public (IReadOnlyList<ScoredPart> Strongest, IReadOnlyList<ScoredPart> Others) Strongest(int top)
    {
        // One more line than asked for would only say "1 other".
        var ranked = Parts
            .Select((part, index) => (part, index))
            .OrderByDescending(pair => Math.Abs(pair.part.Score))
            .ThenBy(pair => pair.index)
            .Select(pair => pair.part)
            .ToArray();
        var shown = ranked.Length == top + 1 ? ranked.Length : Math.Min(top, ranked.Length);
        return (ranked[..shown], ranked[shown..]);
    }

    private static IReadOnlyList<ScoredPart> Of(IReadOnlyList<UnitAnswer> units, IReadOnlyList<TokenAnswer> tokens, TextOffsets offsets) =>
        [
            .. units
                .Where(unit => unit.Score is not null)
                .Select(unit => new ScoredPart(
                    PartNames.Of(unit, tokens),
                    unit.In == "pair",
                    offsets.Of(unit.In, unit.Start),
                    offsets.Of(unit.In, unit.End),
                    unit.Score!.Value,
                    unit.StandardError
                )),
        ];

    /// <summary>The coarsest level with scores.</summary>
    private static IReadOnlyList<UnitAnswer> Scored(IReadOnlyList<UnitAnswer> units) =>
        units.Count > 0 && units.All(unit => unit.Score is null) ? Scored(Finer(units)) : units;

    private static IReadOnlyList<UnitAnswer> Finer(IReadOnlyList<UnitAnswer> coarse) => [.. coarse.SelectMany(unit => unit.Units ?? [])];
}
