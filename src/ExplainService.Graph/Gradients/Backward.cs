using ExplainService.Graph.Building;
using ExplainService.Graph.Operators;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Gradients;

/// <summary>
/// Reverse-mode differentiation: walks the graph from an output back to chosen values and appends, with ordinary operators, the nodes that
/// compute the gradient. Only nodes that lie between the two are differentiated; weights never are.
/// </summary>
public static class Backward
{
    /// <summary>The gradients of Σ seed ⊙ output with respect to values.</summary>
    /// <param name="tape">Over the graph; its nodes must be sorted.</param>
    /// <param name="output">What is differentiated.</param>
    /// <param name="seed">∂f/∂output, of the output's shape.</param>
    /// <param name="targets">With respect to what.</param>
    /// <returns>A gradient for each target that the output depends on.</returns>
    /// <exception cref="UnsupportedGradientException">An operator in between has no rule.</exception>
    public static IReadOnlyDictionary<string, Value> Run(Tape tape, string output, Value seed, IReadOnlyCollection<string> targets)
    {
        var nodes = tape.Graph.Nodes.ToArray();
        var moving = Influenced(name => tape[name].Type, nodes, targets);
        var gradients = new Dictionary<string, Value> { [output] = seed };
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (!node.Outputs.Exists(gradients.ContainsKey) || !LiesBetween(node, moving))
            {
                continue;
            }

            if (!GradientTable.Rules.TryGetValue((node.Domain, node.Op), out var rule))
            {
                throw new UnsupportedGradientException(node);
            }

            var step = new GradientStep(tape, node, gradients, moving);
            Differentiate(rule, step);
            CheckComplete(step);
            foreach (var (index, gradient) in step.Results)
            {
                var name = node.Inputs[index];
                gradients[name] = gradients.TryGetValue(name, out var other) ? other + gradient : gradient;
            }
        }

        return targets.Where(gradients.ContainsKey).ToDictionary(name => name, name => gradients[name]);
    }

    /// <summary>
    /// The operator without a rule that stands between the targets and an output, the one nearest the output; null: every one has a rule.
    /// </summary>
    /// <remarks>A rule may still refuse a use of its operator, such as padding by reflection; that only <see cref="Run"/> says.</remarks>
    public static UnsupportedGradientException? FindUnsupportedOperator(
        ModelGraph graph,
        InferredShapes shapes,
        IEnumerable<string> outputs,
        IReadOnlyCollection<string> targets
    )
    {
        var nodes = graph.Nodes.ToArray();
        var moving = Influenced(name => shapes[name].Type, nodes, targets);
        var wanted = outputs.Where(moving.Contains).ToHashSet();
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (!node.Outputs.Exists(wanted.Contains) || node.Outputs.Exists(targets.Contains) || !LiesBetween(node, moving))
            {
                continue;
            }

            if (!GradientTable.Rules.ContainsKey((node.Domain, node.Op)))
            {
                return new UnsupportedGradientException(node);
            }

            var inputs = MovingInputs(node, moving).ToArray();
            if (node.Has(OperatorTrait.FirstInputGradient) && Array.Find(inputs, input => input > 0) is > 0 and var other)
            {
                return NoRuleFor(node, other);
            }

            wanted.UnionWith(inputs.Select(input => node.Inputs[input]));
        }

        return null;
    }

    private static void Differentiate(Action<GradientStep> rule, GradientStep step)
    {
        try
        {
            rule(step);
        }
        catch (Exception error) when (GraphGuard.Note(error, step.Node))
        {
            throw;
        }
    }

    /// <summary>A gradient that a rule leaves out would count as zero, without a word.</summary>
    private static void CheckComplete(GradientStep step)
    {
        var given = step.Results.Keys.Select(input => step.Node.Inputs[input]).ToHashSet();
        foreach (var input in Enumerable.Range(0, step.Node.Inputs.Count))
        {
            if (step.Wants(input) && !step.Node.IsChoice(input) && !given.Contains(step.Node.Inputs[input]))
            {
                throw NoRuleFor(step.Node, input);
            }
        }
    }

    private static UnsupportedGradientException NoRuleFor(Node node, int input) =>
        new(node, $"has no gradient rule for input {input} ('{node.Inputs[input]}')");

    private static bool LiesBetween(Node node, HashSet<string> moving) => node.Outputs.Exists(moving.Contains) && IsMoved(node, moving);

    // Branches of an If read what they need without listing it as an input.
    private static bool IsMoved(Node node, HashSet<string> moving) =>
        !node.Has(OperatorTrait.NoGradient)
        && (MovingInputs(node, moving).Any() || node.Subgraphs.Any(branch => branch.Captures().Any(moving.Contains)));

    private static IEnumerable<int> MovingInputs(Node node, HashSet<string> moving) =>
        Enumerable.Range(0, node.Inputs.Count).Where(input => moving.Contains(node.Inputs[input]) && !node.IsChoice(input));

    /// <summary>The values that depend on the targets, themselves included: floating-point ones, and integers that stand for such.</summary>
    private static HashSet<string> Influenced(Func<string, ElementType> typeOf, Node[] nodes, IReadOnlyCollection<string> targets)
    {
        var moving = targets.ToHashSet();
        foreach (var node in nodes)
        {
            if (!IsMoved(node, moving))
            {
                continue;
            }

            var rounds = node.Op is "QuantizeLinear" or "DynamicQuantizeLinear";
            var quantised = rounds || node.Inputs.Exists(name => moving.Contains(name) && IsQuantised(typeOf(name)));
            foreach (var name in node.Outputs.Where(name => name.Length > 0))
            {
                var type = typeOf(name);
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
}
