namespace ExplainService.Graph.Shapes;

/// <summary>An Einstein sum's equation with its ellipses and a missing result written out as letters.</summary>
/// <param name="Operands">A letter for each axis of each operand.</param>
/// <param name="Result">A letter for each axis of the result.</param>
internal sealed record EinsumTerms(string[] Operands, string Result)
{
    // Broadcasting aligns ellipses to the right; no tensor of a language model has more axes in one than this.
    private const int EllipsisLimit = 8;

    /// <summary>Null where an operand with an ellipsis has no known rank, or the equation does not fit the operands.</summary>
    public static EinsumTerms? Of(string? equation, IReadOnlyList<int?> ranks)
    {
        var sides = (equation ?? "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        var operands = sides[0].Split(',');
        if (operands.Length != ranks.Count || sides.Length > 2)
        {
            return null;
        }

        var free = string.Concat(
            Enumerable
                .Range('A', 26)
                .Concat(Enumerable.Range('a', 26))
                .Select(code => (char)code)
                .Where(letter => !sides[0].Contains(letter, StringComparison.Ordinal))
                .Take(EllipsisLimit)
        );
        var widest = 0;
        for (var i = 0; i < operands.Length; i++)
        {
            if (!operands[i].Contains("...", StringComparison.Ordinal))
            {
                continue;
            }

            if (ranks[i] is not { } rank || rank - (operands[i].Length - 3) is not (var hidden and >= 0) || hidden > free.Length)
            {
                return null;
            }

            widest = Math.Max(widest, hidden);
            operands[i] = operands[i].Replace("...", free[^hidden..], StringComparison.Ordinal);
        }

        var ellipsis = free[^widest..];
        var result =
            sides.Length == 2
                ? sides[1].Replace("...", ellipsis, StringComparison.Ordinal)
                : ellipsis
                    + string.Concat(
                        sides[0]
                            .Where(char.IsLetter)
                            .GroupBy(letter => letter)
                            .Where(group => group.Count() == 1)
                            .Select(group => group.Key)
                            .Order()
                    );
        return new EinsumTerms(operands, result);
    }
}
