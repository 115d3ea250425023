using ExplainService.Graph.Operators;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Gradients;

/// <summary>What depends on chosen values, so that gradients pass it.</summary>
internal static class Influence
{
    /// <summary>The values that depend on the targets, themselves included: floating-point ones, and integers that stand for such.</summary>
    /// <param name="graph">The graph, sorted.</param>
    /// <param name="shapes">What is known of its values.</param>
    /// <param name="targets">With respect to what.</param>
    /// <param name="held">Values that count as constants.</param>
    public static HashSet<string> Of(
        ModelGraph graph,
        InferredShapes shapes,
        IReadOnlyCollection<string> targets,
        IReadOnlySet<string> held
    )
    {
        var moving = targets.ToHashSet();
        foreach (var node in graph.Nodes)
        {
            if (!Reaches(node, moving))
            {
                continue;
            }

            var rounds = node.Op is "QuantizeLinear" or "DynamicQuantizeLinear";
            var quantised = rounds || node.Inputs.Exists(name => moving.Contains(name) && IsQuantised(shapes[name].Type));
            foreach (var name in node.Outputs.Where(name => name.Length > 0 && !held.Contains(name)))
            {
                var type = shapes[name].Type;
                if (type == ElementType.Undefined || type.IsFloating() || rounds || (quantised && IsQuantised(type)))
                {
                    moving.Add(name);
                }
            }
        }

        return moving;

        static bool IsQuantised(ElementType type) =>
            type is ElementType.UInt8 or ElementType.Int8 or ElementType.UInt16 or ElementType.Int16 or ElementType.Int32;
    }

    /// <summary>Whether an operator's result changes with moving values.</summary>
    /// <remarks>Branches of an If read what they need without listing it as an input.</remarks>
    public static bool Reaches(Node node, IReadOnlySet<string> moving) =>
        !node.Has(OperatorTrait.NoGradient)
        && (Inputs(node, moving).Any() || node.Subgraphs.Any(branch => branch.Captures().Any(moving.Contains)));

    /// <summary>The inputs of an operator that move and that it does not only choose by.</summary>
    public static IEnumerable<int> Inputs(Node node, IReadOnlySet<string> moving) =>
        Enumerable.Range(0, node.Inputs.Count).Where(input => moving.Contains(node.Inputs[input]) && !node.IsChoice(input));
}
