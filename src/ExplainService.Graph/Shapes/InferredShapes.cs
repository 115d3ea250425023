namespace ExplainService.Graph.Shapes;

/// <summary>
/// Types, ranks and partly known dimensions of a graph's values, by one forward pass over the operators; nodes that are emitted
/// later are added with <see cref="Infer"/>. What is known holds for every run: a dimension is a number only if it always has that size.
/// </summary>
public sealed class InferredShapes
{
    private readonly Dictionary<string, TensorInfo> known = [];
    private readonly InferredShapes? outer;
    private readonly long opset;

    private InferredShapes(ModelGraph graph, InferredShapes? outer, long opset)
    {
        this.outer = outer;
        this.opset = opset;
        foreach (var input in graph.Inputs)
        {
            known[input.Name] = new TensorInfo(input.Type, input.Dims?.ToArray());
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

    /// <summary>What is known about a value; <see cref="TensorInfo.None"/> when nothing is.</summary>
    public TensorInfo this[string name] => known.TryGetValue(name, out var info) ? info : outer?[name] ?? TensorInfo.None;

    /// <summary>Infers everything that can be told without running the graph (its nodes must be sorted).</summary>
    public static InferredShapes Of(ModelGraph graph) => new(graph, null, graph.Opset);

    /// <summary>Adds a weight.</summary>
    public void Learn(Weight weight)
    {
        var small = weight.Type.IsIndex() && weight.Count <= TensorInfo.ContentLimit && weight.Dims.Count <= 1;
        known[weight.Name] = new TensorInfo(
            weight.Type,
            [.. weight.Dims.Select(dim => (Dim)dim)],
            small ? Array.ConvertAll(weight.ToLongs(), x => (Dim)x) : null
        );
    }

    /// <summary>Adds or replaces what is known, for what a caller knows better.</summary>
    public void Set(string name, TensorInfo info) => known[name] = info;

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

            var info = rule.Result(i);
            if (graph is not null && graph.Declared.TryGetValue(node.Outputs[i], out var declared))
            {
                info = Merge(info, declared);
            }

            known[node.Outputs[i]] = info;
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

    private static TensorInfo Merge(TensorInfo info, ValueInfo declared) =>
        new(
            info.Type == ElementType.Undefined ? declared.Type : info.Type,
            info.Dims is null ? declared.Dims?.ToArray() : Fill(info.Dims, declared.Dims),
            info.Content
        );

    private static Dim[] Fill(Dim[] dims, IReadOnlyList<Dim>? declared) =>
        declared?.Count == dims.Length ? [.. dims.Select((dim, axis) => dim.IsUnknown ? declared[axis] : dim)] : dims;
}
