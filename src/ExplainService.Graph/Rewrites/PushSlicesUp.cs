using ExplainService.Graph.Building;
using ExplainService.Graph.Operators;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// Computes only what the output reads. A classification head that takes position 0 of the last hidden state needs of the last layer only
/// that row's query, feed-forward and norms (its keys and values still come from every row); a language model that is asked for the next
/// token needs those of one position in each text. Demand flows from the outputs upward; where every reader of a value needs only the same
/// entries along an axis, its operator is made to compute only those. Exact.
/// </summary>
public static class PushSlicesUp
{
    /// <summary>Rewrites in place; shapes decide, never names.</summary>
    public static void Apply(ModelGraph graph)
    {
        ReadInputShapes.Apply(graph);
        var shapes = InferredShapes.Of(graph);
        var demands = new Dictionary<string, Cut>();
        var whole = graph.Outputs.Select(output => output.Name).ToHashSet();
        var plans = new List<Step>();
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            var step = StepOf(node, shapes, demands, whole);
            for (var input = 0; input < node.Inputs.Count; input++)
            {
                Demand(
                    node.Inputs[input],
                    step is null || step.Plan.Axes[input] == NarrowRule.Whole ? null : step.Cut with { Axis = step.Plan.Axes[input] },
                    demands,
                    whole
                );
            }

            foreach (var captured in node.Subgraphs.SelectMany(subgraph => subgraph.Captures()))
            {
                whole.Add(captured);
            }

            if (step is not null)
            {
                plans.Add(step);
            }
        }

        if (plans.Count < 2)
        {
            return;
        }

        Rewrite(graph, shapes, plans, demands, whole);
    }

    private static Step? StepOf(Node node, InferredShapes shapes, Dictionary<string, Cut> demands, HashSet<string> whole)
    {
        if (NarrowRule.SiteOf(node, shapes) is { } site)
        {
            return new Step(
                node,
                new NarrowRule.Plan([1, .. Enumerable.Repeat(NarrowRule.Whole, node.Inputs.Count - 1)]),
                site,
                IsSite: true
            );
        }

        var live = node.Outputs.Where(output => demands.ContainsKey(output) || whole.Contains(output)).ToArray();
        if (live.Length == 0 || Array.Exists(live, output => whole.Contains(output) || demands[output] != demands[live[0]]))
        {
            return null;
        }

        var cut = demands[live[0]];
        if (NarrowRule.Of(node, cut.Axis, shapes) is not { } plan)
        {
            return null;
        }

        var batch = cut.Rows.Length == 0 ? Dim.Unknown : shapes[cut.Rows].Dims?[0] ?? Dim.Unknown;
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            if (plan.Axes[i] == NarrowRule.Whole)
            {
                continue;
            }

            if (
                !cut.Fits(shapes[node.Inputs[i]].Dims!, shapes[node.Output].Dims!, batch, plan.Axes[i], node.Has(OperatorTrait.Elementwise))
            )
            {
                return null;
            }
        }

        return new Step(node, plan, cut);
    }

    private static void Demand(string name, Cut? cut, Dictionary<string, Cut> demands, HashSet<string> whole)
    {
        if (cut is not { } wanted || (demands.TryGetValue(name, out var other) && other != wanted))
        {
            whole.Add(name);
        }
        else
        {
            demands[name] = wanted;
        }
    }

    /// <summary>Operators with a plan take narrow inputs: values that are narrow now as they are, others through a slice.</summary>
    private static void Rewrite(
        ModelGraph graph,
        InferredShapes shapes,
        List<Step> steps,
        Dictionary<string, Cut> demands,
        HashSet<string> whole
    )
    {
        var producers = graph.Producers();
        var planned = steps.Where(step => !step.IsSite).Select(step => step.Node).ToHashSet();
        var tape = new Tape(graph, shapes);
        var slices = new Dictionary<(string, Cut, int), string>();
        foreach (var (node, plan, cut, isSite) in steps)
        {
            var rank = shapes[isSite ? node.Inputs[0] : node.Output].Rank!.Value;
            for (var input = 0; input < node.Inputs.Count; input++)
            {
                if (plan.Axes[input] == NarrowRule.Whole)
                {
                    continue;
                }

                var (name, own) = (node.Inputs[input], cut with { Axis = plan.Axes[input] });
                if (
                    !whole.Contains(name)
                    && demands[name] == own
                    && producers.TryGetValue(name, out var producer)
                    && planned.Contains(producer)
                )
                {
                    if (isSite && cut.Rows.Length > 0)
                    {
                        PassOn(node);
                    }

                    continue;
                }

                // Rows that nothing above computes alone are taken where they were.
                if (isSite && cut.Rows.Length > 0)
                {
                    continue;
                }

                if (!slices.TryGetValue((name, own, rank), out var slice))
                {
                    slices[(name, own, rank)] = slice = own.Take(tape[name], own.Axis, rank).Name;
                }

                node.Inputs[input] = slice;
            }

            if (plan.Shape is not { } shape)
            {
                continue;
            }

            node.Inputs[1] = tape.List(shape).Name;
            node.Attributes.Remove("allowzero");
        }

        graph.Declared.Clear();
        graph.Sort();
        graph.RemoveDead();
    }

    /// <summary>What arrives is what was to be taken.</summary>
    private static void PassOn(Node node)
    {
        node.Op = "Identity";
        node.Attributes.Clear();
        node.Inputs.RemoveRange(1, node.Inputs.Count - 1);
    }

    private sealed record Step(Node Node, NarrowRule.Plan Plan, Cut Cut, bool IsSite = false);
}
