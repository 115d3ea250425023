using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Pipeline;

/// <summary>The caller's own units: spans of the text in the caller's offset unit.</summary>
public static class SpanUnits
{
    /// <summary>One unit for each span, in text order; tokens outside every span belong to none and are never perturbed.</summary>
    /// <exception cref="InvalidRequestException">A span is malformed (400), or holds no token's first character (422).</exception>
    public static IReadOnlyList<Unit> Build(PreparedInput input, IReadOnlyList<IReadOnlyList<int>> spans)
    {
        var text = input.Text;
        var ordered = spans.Select((span, index) => Resolve(input, span, Field(index))).OrderBy(span => span.Start).ToArray();
        var units = new List<Unit>(ordered.Length);
        for (var i = 0; i < ordered.Length; i++)
        {
            var (start, end, field) = ordered[i];
            if (i > 0 && start < ordered[i - 1].End)
            {
                throw InvalidRequestException.Malformed(field, "overlaps another span");
            }

            var tokens = Enumerable.Range(0, input.Tokens.Tokens.Count).Where(index =>
            {
                var token = input.Tokens.Tokens[index];
                return token.Sequence == 0 && !token.Special && FirstCharacter(text, token.Start, token.End) is var first && first >= start && first < end;
            }).ToArray();
            units.Add(tokens.Length > 0
                ? new Unit(0, start, end, tokens)
                : throw InvalidRequestException.CannotDo(field, "no token of what the model sees begins in this span"));
        }

        return units;
    }

    private static string Field(int index) => FormattableString.Invariant($"spans[{index}]");

    private static (int Start, int End, string Field) Resolve(PreparedInput input, IReadOnlyList<int> span, string field)
    {
        if (span.Count != 2)
        {
            throw InvalidRequestException.Malformed(field, "must be [start, end]");
        }

        var (start, end) = (input.Offsets.ToUtf16(0, input.Text, span[0]), input.Offsets.ToUtf16(0, input.Text, span[1]));
        return start is { } first && end is { } last && first < last
            ? (first, last, field)
            : throw InvalidRequestException.Malformed(field, "must be start < end, inside the text, on character boundaries");
    }

    private static int FirstCharacter(string text, int start, int end)
    {
        var first = start;
        while (first < end - 1 && char.IsWhiteSpace(text[first]))
        {
            first++;
        }

        return first;
    }
}
