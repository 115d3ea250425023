using ExplainService.Graph.Building;
using ExplainService.Graph.Operators;
using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Gradients;

/// <summary>
/// Activations y = f(x) with f(0) = 0 whose slope y/x stands still; where x is 0 it is the derivative there, its limit.
/// </summary>
internal static class HeldSlopes
{
    private static readonly Dictionary<(string Domain, string Op), Func<Node, double>> AtZero = new()
    {
        [("", "Gelu")] = static _ => 0.5,
        [(OperatorTable.Contrib, "Gelu")] = static _ => 0.5,
        [("", "Swish")] = static _ => 0.5,
        [("", "HardSwish")] = static _ => 0.5,
        [("", "Mish")] = static _ => 0.6,
        [("", "Tanh")] = static _ => 1,
        [("", "Erf")] = static _ => 2 / Math.Sqrt(Math.PI),
        [("", "Softsign")] = static _ => 1,
        [("", "Celu")] = static _ => 1,
        [("", "Elu")] = static node => node.Float("alpha", 1),
        [("", "Selu")] = static node => node.Float("gamma", 1.050701f),
    };

    /// <summary>The rule of an activation that is one operator; null: the operator is none of them.</summary>
    public static Action<GradientStep>? Of(ModelGraph graph, Node node)
    {
        if (node.Is("Pow") && graph.ScalarOf(node.Inputs[1]) is > 1 and var exponent)
        {
            return step => step.Give(0, () => step.G * (exponent == 2 ? step.In(0) : step.In(0).Pow(exponent - 1)));
        }

        return AtZero.TryGetValue((node.Domain, node.Op), out var limit) ? step => step.Give(0, () => Ratio(step, limit(node))) : null;
    }

    /// <summary>A product of which one factor is a constant.</summary>
    /// <param name="factor">The other.</param>
    public static GradientRule OneFactor(int factor) =>
        new(step => step.GiveSummed(factor, () => step.G * step.In(1 - factor))) { Only = factor };

    private static Value Ratio(GradientStep step, double limit)
    {
        var x = step.In(0);
        var (zero, one) = (step.Tape.Scalar(0, x.Type), step.Tape.Scalar(1, x.Type));
        var isZero = x.EqualTo(zero);
        return step.G * isZero.Where(step.Tape.Scalar(limit, x.Type), step.Y / isZero.Where(one, x));
    }
}
