namespace ExplainService.Graph.Shapes;

/// <summary>
/// Types, ranks and partly known dimensions of a graph's values, by one forward pass over the operators; nodes that are emitted
/// later are added with <see cref="Infer"/>. Facts hold for every run: a dimension is a number only if it always has that size.
/// </summary>
public sealed class InferredShapes
{
    private readonly Dictionary<string, TensorFact> facts = [];
    private readonly InferredShapes? outer;
    private readonly long opset;

    private InferredShapes(ModelGraph graph, InferredShapes? outer, long opset)
    {
        this.outer = outer;
        this.opset = opset;
        foreach (var input in graph.Inputs)
        {
            facts[input.Name] = new TensorFact(input.Type, input.Dims?.ToArray());
        }

        foreach (var weight in graph.Weights.Values)
        {
            Learn(weight);
        }

        foreach (var node in graph.Nodes)
        {
            Infer(node, graph);
        }
    }

    /// <summary>What is known about a value; <see cref="TensorFact.None"/> when nothing is.</summary>
    public TensorFact this[string name] => facts.TryGetValue(name, out var fact) ? fact : outer?[name] ?? TensorFact.None;

    /// <summary>Infers everything that can be told without running the graph (its nodes must be sorted).</summary>
    public static InferredShapes Of(ModelGraph graph) => new(graph, null, graph.Opset);

    /// <summary>Adds a weight.</summary>
    public void Learn(Weight weight)
    {
        var small = weight.Type.IsIndex() && weight.Count <= TensorFact.ContentLimit && weight.Dims.Count <= 1;
        facts[weight.Name] = new TensorFact(
            weight.Type,
            [.. weight.Dims.Select(dim => (Dim)dim)],
            small ? Array.ConvertAll(weight.ToLongs(), x => (Dim)x) : null
        );
    }

    /// <summary>Adds or replaces a fact, for what a caller knows better.</summary>
    public void Set(string name, TensorFact fact) => facts[name] = fact;

    /// <summary>Infers the outputs of a node whose inputs are known; <paramref name="graph"/>'s declarations fill gaps.</summary>
    public void Infer(Node node, ModelGraph? graph = null)
    {
        var rule = new ShapeRule(node, this, opset);
        if (ShapeTable.Rules.TryGetValue((node.Domain, node.Op), out var infer))
        {
            Run(infer, rule);
        }

        for (var i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i].Length == 0)
            {
                continue;
            }

            var fact = rule.Result(i);
            if (graph is not null && graph.Declared.TryGetValue(node.Outputs[i], out var declared))
            {
                fact = Merge(fact, declared);
            }

            facts[node.Outputs[i]] = fact;
        }
    }

    private static void Run(Action<ShapeRule> infer, ShapeRule rule)
    {
        try
        {
            infer(rule);
        }
        catch (Exception error) when (GraphGuard.Note(error, rule.Node))
        {
            throw;
        }
    }

    internal InferredShapes Inner(ModelGraph subgraph) => new(subgraph, this, opset);

    private static TensorFact Merge(TensorFact fact, ValueInfo declared) =>
        new(
            fact.Type == ElementType.Undefined ? declared.Type : fact.Type,
            fact.Dims is null ? declared.Dims?.ToArray() : Fill(fact.Dims, declared.Dims),
            fact.Content
        );

    private static Dim[] Fill(Dim[] dims, IReadOnlyList<Dim>? declared) =>
        declared?.Count == dims.Length ? [.. dims.Select((dim, axis) => dim.IsUnknown ? declared[axis] : dim)] : dims;
}
