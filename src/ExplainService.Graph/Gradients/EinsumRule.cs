namespace ExplainService.Graph.Gradients;

/// <summary>Einstein sums of one or two operands: the gradient of an operand is an Einstein sum of the gradient with the other.</summary>
internal static class EinsumRule
{
    public static void Einsum(GradientStep step)
    {
        var equation = (step.Node.Text("equation") ?? "").Replace(" ", "", StringComparison.Ordinal);
        var sides = equation.Split("->");
        var operands = sides[0].Split(',');
        if (sides.Length != 2 || operands.Length > 2 || equation.Contains('.', StringComparison.Ordinal)
            || operands.Any(operand => operand.Distinct().Count() != operand.Length))
        {
            throw new UnsupportedGradientException(step.Node, $"with the equation '{equation}' has no gradient rule");
        }

        for (var i = 0; i < operands.Length; i++)
        {
            var (own, other) = (operands[i], operands.Length == 2 ? operands[1 - i] : "");
            if (own.Any(letter => !sides[1].Contains(letter, StringComparison.Ordinal) && !other.Contains(letter, StringComparison.Ordinal)))
            {
                throw new UnsupportedGradientException(step.Node, $"with the equation '{equation}' sums an axis of one operand alone and has no gradient rule");
            }

            var index = i;
            step.Give(i, () => operands.Length == 1
                ? step.Tape.Emit("Einsum", [step.G], ("equation", $"{sides[1]}->{own}"))
                : step.Tape.Emit("Einsum", [step.G, step.In(1 - index)], ("equation", $"{sides[1]},{other}->{own}")));
        }
    }
}
