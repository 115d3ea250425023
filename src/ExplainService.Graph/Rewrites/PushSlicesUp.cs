namespace ExplainService.Graph.Rewrites;

/// <summary>
/// Computes only what the output reads. A classification head that takes position 0 of the last hidden state needs of the last layer only
/// that row's query, feed-forward and norms (its keys and values still come from every row). Demand flows from the outputs upward; where
/// every reader of a value needs only the first entry along an axis, its operator is made to compute only that. Exact.
/// </summary>
public static class PushSlicesUp
{
    /// <summary>Rewrites in place; shapes decide, never names.</summary>
    public static void Apply(ModelGraph graph)
    {
        InputShapes.Apply(graph);
        var shapes = Shapes.Of(graph);
        var demands = new Dictionary<string, int>();
        var whole = graph.Outputs.Select(output => output.Name).ToHashSet();
        var plans = new List<(Node Node, NarrowRule.Plan Plan)>();
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            var plan = PlanOf(node, shapes, demands, whole);
            for (var input = 0; input < node.Inputs.Count; input++)
            {
                var axis = plan?.Axes[input] ?? NarrowRule.Whole;
                Demand(node.Inputs[input], axis, demands, whole);
            }

            foreach (var captured in node.Subgraphs.SelectMany(subgraph => subgraph.Captures())) whole.Add(captured);
            if (plan is not null) plans.Add((node, plan));
        }

        if (plans.Count < 2) return;
        Rewrite(graph, shapes, plans, demands, whole);
    }

    private static NarrowRule.Plan? PlanOf(Node node, Shapes shapes, Dictionary<string, int> demands, HashSet<string> whole)
    {
        if (NarrowRule.IsSite(node, shapes)) return new NarrowRule.Plan([1, .. Enumerable.Repeat(NarrowRule.Whole, node.Inputs.Count - 1)]);
        var live = node.Outputs.Where(output => demands.ContainsKey(output) || whole.Contains(output)).ToArray();
        if (live.Length == 0 || Array.Exists(live, output => whole.Contains(output) || demands[output] != demands[live[0]])) return null;
        return NarrowRule.Of(node, demands[live[0]], shapes);
    }

    private static void Demand(string name, int axis, Dictionary<string, int> demands, HashSet<string> whole)
    {
        if (axis == NarrowRule.Whole || (demands.TryGetValue(name, out var other) && other != axis)) whole.Add(name);
        else demands[name] = axis;
    }

    /// <summary>Operators with a plan take narrow inputs: values that are narrow now as they are, others through a slice.</summary>
    private static void Rewrite(
        ModelGraph graph, Shapes shapes, List<(Node Node, NarrowRule.Plan Plan)> plans, Dictionary<string, int> demands, HashSet<string> whole)
    {
        var producers = graph.Producers();
        var planned = plans.ToDictionary(pair => pair.Node, pair => pair.Plan);
        var tape = new Tape(graph, shapes);
        var slices = new Dictionary<(string, int), string>();
        foreach (var (node, plan) in plans)
        {
            for (var input = 0; input < node.Inputs.Count; input++)
            {
                var (name, axis) = (node.Inputs[input], plan.Axes[input]);
                if (axis == NarrowRule.Whole) continue;
                var isNarrow = !whole.Contains(name) && demands[name] == axis
                    && producers.TryGetValue(name, out var producer) && planned.ContainsKey(producer) && !NarrowRule.IsSite(producer, shapes);
                if (isNarrow) continue;
                if (!slices.TryGetValue((name, axis), out var slice)) slices[(name, axis)] = slice = tape[name].Gather(tape.List([0]), axis).Name;
                node.Inputs[input] = slice;
            }

            if (plan.Shape is not { } shape) continue;
            node.Inputs[1] = tape.List(shape).Name;
            node.Attributes.Remove("allowzero");
        }

        graph.Declared.Clear();
        graph.Sort();
        graph.RemoveDead();
    }
}
