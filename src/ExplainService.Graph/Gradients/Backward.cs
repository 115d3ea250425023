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
    public static IReadOnlyDictionary<string, Value> Run(Tape tape, string output, Value seed, IReadOnlyCollection<string> targets) =>
        Run(tape, output, seed, targets, PlainRules.Instance);

    /// <summary>The same by other rules.</summary>
    internal static IReadOnlyDictionary<string, Value> Run(
        Tape tape,
        string output,
        Value seed,
        IReadOnlyCollection<string> targets,
        GradientRules rules
    )
    {
        var nodes = tape.Graph.Nodes.ToArray();
        var moving = Influence.Of(tape.Graph, tape.Shapes, targets, rules.Held);
        var gradients = new Dictionary<string, Value> { [output] = seed };
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (!node.Outputs.Exists(gradients.ContainsKey) || !LiesBetween(node, moving))
            {
                continue;
            }

            var rule = rules.Of(node, moving);
            var step = new GradientStep(tape, node, gradients, moving, rule.Only);
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
    /// <param name="graph">The graph, sorted.</param>
    /// <param name="shapes">What is known of its values.</param>
    /// <param name="outputs">What would be differentiated.</param>
    /// <param name="targets">With respect to what.</param>
    /// <param name="variant">By which rules.</param>
    /// <remarks>A rule may still refuse a use of its operator, such as padding by reflection; that only a walk says.</remarks>
    public static UnsupportedGradientException? FindUnsupportedOperator(
        ModelGraph graph,
        InferredShapes shapes,
        IEnumerable<string> outputs,
        IReadOnlyCollection<string> targets,
        GradientVariant variant = GradientVariant.Plain
    )
    {
        GradientRules rules = variant == GradientVariant.Plain ? PlainRules.Instance : new RelevanceRules(graph, shapes, targets, variant);
        var nodes = graph.Nodes.ToArray();
        var moving = Influence.Of(graph, shapes, targets, rules.Held);
        var wanted = outputs.Where(moving.Contains).ToHashSet();
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (!node.Outputs.Exists(wanted.Contains) || node.Outputs.Exists(targets.Contains) || !LiesBetween(node, moving))
            {
                continue;
            }

            GradientRule rule;
            try
            {
                rule = rules.Of(node, moving);
            }
            catch (UnsupportedGradientException refused)
            {
                return refused;
            }

            var inputs = Influence.Inputs(node, moving).Where(input => rule.Only is null || input == rule.Only).ToArray();
            if (node.Has(OperatorTrait.FirstInputGradient) && Array.Find(inputs, input => input > 0) is > 0 and var other)
            {
                return NoRuleFor(node, other);
            }

            wanted.UnionWith(inputs.Select(input => node.Inputs[input]));
        }

        return null;
    }

    /// <summary>Whether an operator has a moving result that moving values change.</summary>
    internal static bool LiesBetween(Node node, IReadOnlySet<string> moving) =>
        node.Outputs.Exists(moving.Contains) && Influence.Reaches(node, moving);

    private static void Differentiate(GradientRule rule, GradientStep step)
    {
        try
        {
            rule.Apply(step);
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
}
