using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Patterns;

/// <summary>Values that are non-negative and sum to one along an axis: a softmax, as an operator or written out.</summary>
internal static class Probabilities
{
    /// <summary>The axis along which a node's output sums to one, from the front; null: it is no softmax.</summary>
    public static int? AxisOf(Node node, InferredShapes shapes, Dictionary<string, Node> producers)
    {
        if (node.Domain.Length > 0 || node.Outputs.Count == 0 || shapes[node.Output].Rank is not { } rank)
        {
            return null;
        }

        return node.Op switch
        {
            "Softmax" => ShapeRule.Axis(node.Int("axis", -1), rank),
            "Div" => WrittenOut(node, shapes, producers, rank),
            _ => null,
        };
    }

    /// <summary>exp(x) / Σ exp(x); a small number may be added to the sum, or the sum be kept above one.</summary>
    private static int? WrittenOut(Node node, InferredShapes shapes, Dictionary<string, Node> producers, int rank)
    {
        var sum = producers.GetValueOrDefault(node.Inputs[1]);
        while (sum is not null && sum.Op is "Add" or "Max" or "Clip" or "Cast" or "Identity")
        {
            sum = producers.GetValueOrDefault(sum.Inputs[0]);
        }

        if (sum is null || !sum.Is("ReduceSum") || sum.Inputs[0] != node.Inputs[0] || sum.Int("keepdims", 1) == 0)
        {
            return null;
        }

        var axes = sum.Ints("axes") ?? (sum.Input(1) is { } name ? shapes[name].Numbers : null);
        return axes is [var axis] && IsExponential(node.Inputs[0], producers) ? ShapeRule.Axis(axis, rank) : null;
    }

    private static bool IsExponential(string value, Dictionary<string, Node> producers)
    {
        while (producers.TryGetValue(value, out var node))
        {
            if (node.Is("Exp"))
            {
                return true;
            }

            if (node.Op is not ("Mul" or "Cast" or "Identity" or "Where"))
            {
                return false;
            }

            value = node.Op == "Where" ? node.Inputs.Skip(1).FirstOrDefault(producers.ContainsKey) ?? node.Inputs[1] : node.Inputs[0];
        }

        return false;
    }
}
