using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Gradients;

/// <summary>Einstein sums: the gradient of an operand is an Einstein sum of the gradient with the other operands.</summary>
internal static class EinsumRule
{
    public static void Einsum(GradientStep step)
    {
        int?[] ranks = [.. Enumerable.Range(0, step.Node.Inputs.Count).Select(i => step.In(i).Rank)];
        var (operands, result) =
            EinsumTerms.Of(step.Node.Text("equation"), ranks)
            ?? throw new UnsupportedGradientException(step.Node, $"with the equation '{step.Node.Text("equation")}' has no gradient rule");
        for (var i = 0; i < operands.Length; i++)
        {
            var (own, index) = (operands[i], i);
            if (own.Distinct().Count() != own.Length)
            {
                throw new UnsupportedGradientException(
                    step.Node,
                    $"with the equation '{step.Node.Text("equation")}' takes a diagonal and has no gradient rule"
                );
            }

            step.GiveSummed(
                i,
                () =>
                {
                    var others = Enumerable.Range(0, operands.Length).Where(other => other != index).ToArray();
                    // An axis that this operand alone has was summed over: its gradient is the same all along it.
                    var seen = others.Aggregate(result, (letters, other) => letters + operands[other]);
                    var shared = string.Concat(own.Where(letter => seen.Contains(letter, StringComparison.Ordinal)));
                    var equation = string.Join(',', others.Select(other => operands[other]).Prepend(result)) + "->" + shared;
                    var gradient = step.Tape.Emit("Einsum", [step.G, .. others.Select(step.In)], ("equation", equation));
                    if (shared.Length == own.Length)
                    {
                        return gradient;
                    }

                    long[] alone =
                    [
                        .. own.Index()
                            .Where(pair => !shared.Contains(pair.Item, StringComparison.Ordinal))
                            .Select(pair => (long)pair.Index),
                    ];
                    return gradient.Unsqueeze(alone).Expand(step.In(index).Shape());
                }
            );
        }
    }
}
