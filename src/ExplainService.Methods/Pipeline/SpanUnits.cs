using ExplainService.Methods.Contracts;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Pipeline;

/// <summary>The caller's own units: spans of the text in the caller's offset unit.</summary>
public static class SpanUnits
{
    /// <summary>One unit for each span, in text order; tokens outside every span belong to none and are never perturbed.</summary>
    /// <param name="input">The texts.</param>
    /// <param name="spans">[start, end] each, in the caller's offset unit.</param>
    /// <param name="field">What the request calls them.</param>
    /// <exception cref="InvalidRequestException">A span is malformed (400), or holds no token's first character (422).</exception>
    public static IReadOnlyList<Unit> Build(PreparedInput input, IReadOnlyList<IReadOnlyList<int>> spans, string field = "spans")
    {
        var ordered = spans
            .Select((span, index) => (Field: FormattableString.Invariant($"{field}[{index}]"), Asked: span))
            .Select(span => (Span: Resolve(input, span.Asked, span.Field), span.Field))
            .OrderBy(span => span.Span.Start)
            .ToArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Span.Start < ordered[i - 1].Span.End)
            {
                throw InvalidRequestException.Malformed(ordered[i].Field, "overlaps another span");
            }
        }

        var seen = input.SeenEnd(0);
        var units = UnitGrouping.Inside(input.Tokens, 0, input.Text, [.. ordered.Select(span => span.Span)]);
        return
        [
            .. units.Zip(
                ordered,
                (unit, asked) =>
                    unit.Tokens.Count > 0
                        ? new Unit(0, unit.Start, Math.Min(unit.End, seen), unit.Tokens)
                        : throw InvalidRequestException.CannotDo(asked.Field, "No token that the model sees begins in this span.")
            ),
        ];
    }

    /// <summary>A span of the text in UTF-16.</summary>
    /// <exception cref="InvalidRequestException">It is malformed (400).</exception>
    public static TextSpan Resolve(PreparedInput input, IReadOnlyList<int> span, string field)
    {
        if (span.Count != 2)
        {
            throw InvalidRequestException.Malformed(field, "must be [start, end]");
        }

        var (start, end) = (input.Offsets.ToUtf16(0, input.Text, span[0]), input.Offsets.ToUtf16(0, input.Text, span[1]));
        return start is { } first && end is { } last && first < last
            ? new TextSpan(first, last)
            : throw InvalidRequestException.Malformed(field, "must be start < end, inside the text, on character boundaries");
    }
}
