using ExplainService.Methods.Contracts;
using ExplainService.Text;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Pipeline;

/// <summary>A unit of the text that gets a score.</summary>
/// <param name="Sequence">0: the text, 1: the pair.</param>
/// <param name="Start">Start in its text, UTF-16.</param>
/// <param name="End">End in its text, UTF-16.</param>
/// <param name="Tokens">Its tokens in the answer's list.</param>
public sealed record Unit(int Sequence, int Start, int End, IReadOnlyList<int> Tokens);

/// <summary>The units of one request, in text order.</summary>
/// <param name="Name">As the answer's <c>granularity</c> says it.</param>
/// <param name="Units">The units; special tokens belong to none.</param>
public sealed record UnitSet(string Name, IReadOnlyList<Unit> Units)
{
    /// <summary>The units of one granularity.</summary>
    /// <exception cref="InvalidRequestException">The text has none (422).</exception>
    public static UnitSet Build(PreparedInput input, Granularity granularity, CancellationToken cancellationToken = default)
    {
        var units = new List<Unit>();
        if (input.Picture is { } picture)
        {
            return OfPicture(input.Tokens, picture);
        }

        for (var sequence = 0; sequence < input.Texts; sequence++)
        {
            var (text, seen) = (input.TextOf(sequence), input.SeenEnd(sequence));
            var grouped =
                granularity == Granularity.Token
                    ? UnitGrouping.Tokens(input.Tokens, sequence, text)
                    : UnitGrouping.Group(input.Tokens, sequence, text, Seen(text, granularity, seen, cancellationToken));
            units.AddRange(grouped.Select(unit => new Unit(sequence, unit.Start, Math.Min(unit.End, seen), unit.Tokens)));
        }

        return units.Count > 0
            ? new UnitSet(EnumNames.Of(granularity), units)
            : throw InvalidRequestException.CannotDo(input.Messages is null ? "text" : "messages", "The text has no tokens to score.");
    }

    private static UnitSet OfPicture(Encoding tokens, PreparedPicture picture) =>
        new(
            EnumNames.Of(picture.HasPatches ? Granularity.Patch : Granularity.Superpixel),
            [
                .. tokens
                    .Tokens.Index()
                    .Where(token => !token.Item.Special)
                    .Select(token => new Unit(0, token.Item.Start, token.Item.End, [token.Index])),
            ]
        );

    /// <summary>
    /// Spans of which the model saw something. White space before one that it did not see is the end of the text, and goes to the last that
    /// it did.
    /// </summary>
    private static IReadOnlyList<TextSpan> Seen(string text, Granularity granularity, int end, CancellationToken cancellationToken) =>
        [.. TextUnits.Spans(text, granularity, cancellationToken).TakeWhile(span => span.Start < end)];

    /// <summary>Units with scores, as the answer lists them.</summary>
    /// <param name="input">The texts.</param>
    /// <param name="scores">One a unit.</param>
    /// <param name="standardErrors">One a unit where sampled.</param>
    public IReadOnlyList<UnitAnswer> Answers(
        PreparedInput input,
        IReadOnlyList<double> scores,
        IReadOnlyList<double>? standardErrors = null
    ) => [.. Units.Select((unit, index) => Answer(input, unit, scores[index], standardErrors?[index]))];

    /// <summary>One unit as the answer lists it; a standard error that is not a number is none.</summary>
    public static UnitAnswer Answer(PreparedInput input, Unit unit, double? score, double? standardError = null) =>
        new()
        {
            Text = input.Picture is { } picture ? picture.NameOf(unit.Tokens[0]) : input.TextOf(unit.Sequence)[unit.Start..unit.End],
            Box = input.Picture?.BoxOf(unit.Tokens[0]),
            Start = input.Offsets.Of(unit.Sequence, unit.Start),
            End = input.Offsets.Of(unit.Sequence, unit.End),
            Tokens = unit.Tokens,
            Score = score,
            In = input.NameOf(unit.Sequence),
            Message = input.MessageOf(unit.Sequence),
            StandardError = standardError is { } error && double.IsNaN(error) ? null : standardError,
        };

    /// <summary>For every token the index of the unit that holds it, or −1.</summary>
    /// <param name="tokens">Tokens of the whole input.</param>
    public int[] ByToken(int tokens)
    {
        var unitOf = new int[tokens];
        Array.Fill(unitOf, -1);
        for (var index = 0; index < Units.Count; index++)
        {
            foreach (var token in Units[index].Tokens)
            {
                unitOf[token] = index;
            }
        }

        return unitOf;
    }

    /// <summary>Sums token scores over units, as additive methods do.</summary>
    public double[] Sum(IReadOnlyList<double> tokenScores) => [.. Units.Select(unit => unit.Tokens.Sum(token => tokenScores[token]))];
}
