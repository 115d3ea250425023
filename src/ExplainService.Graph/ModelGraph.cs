namespace ExplainService.Graph;

/// <summary>
/// A model's graph as mutable data. Values are names: each is an input, a weight, or the output of exactly one node.
/// Nodes are in topological order; a rewrite that breaks the order calls <see cref="GraphEditing.Sort"/> afterwards.
/// </summary>
public sealed class ModelGraph
{
    private ValueNames? names;

    /// <summary>The graph's own name.</summary>
    public string Name { get; set; } = "";

    /// <summary>What a run feeds. Weights that a file also lists as inputs are not here.</summary>
    public List<ValueInfo> Inputs { get; init; } = [];

    /// <summary>What a run can ask for.</summary>
    public List<ValueInfo> Outputs { get; init; } = [];

    /// <summary>The operators, in topological order.</summary>
    public List<Node> Nodes { get; init; } = [];

    /// <summary>The constants ("initialisers") by name.</summary>
    public Dictionary<string, Weight> Weights { get; init; } = [];

    /// <summary>Opset versions by domain ("" is ONNX's own). A subgraph shares its parent's.</summary>
    public Dictionary<string, long> Opsets { get; init; } = [];

    /// <summary>What the file declares about inner values; may be empty. <see cref="Shapes.InferredShapes"/> knows more.</summary>
    public Dictionary<string, ValueInfo> Declared { get; init; } = [];

    /// <summary>The file format's version.</summary>
    public long IrVersion { get; set; } = 8;

    /// <summary>The version of ONNX's own operators.</summary>
    public long Opset => Opsets.GetValueOrDefault("", 1);

    /// <summary>The names that are taken in the whole graph; a subgraph's are those of the graph around it.</summary>
    internal ValueNames Names
    {
        get => names ??= ValueNames.Of(this);
        set => names = value;
    }

    /// <summary>
    /// A name that no value of the graph, its subgraphs or the graphs around it has or has had, beginning with <paramref name="prefix"/>.
    /// </summary>
    public string Unique(string prefix) => Names.Create(prefix);

    /// <summary>Adds a weight (its name must be free) and returns its name.</summary>
    public string Add(Weight weight)
    {
        Weights.Add(weight.Name, weight);
        names?.Reserve([weight.Name]);
        return weight.Name;
    }

    /// <summary>Adds a node at the end.</summary>
    public Node Add(Node node)
    {
        Nodes.Add(node);
        names?.Reserve(node.Outputs);
        return node;
    }

    /// <summary>Which node writes each value; a snapshot.</summary>
    public Dictionary<string, Node> Producers()
    {
        var producers = new Dictionary<string, Node>(Nodes.Count);
        foreach (var node in Nodes)
        {
            foreach (var output in node.Outputs.Where(name => name.Length > 0))
            {
                producers[output] = node;
            }
        }

        return producers;
    }

    /// <summary>Which nodes read each value, directly or inside a subgraph; a snapshot.</summary>
    public ILookup<string, Node> Consumers() =>
        Nodes.SelectMany(node => node.Reads.Distinct(), (node, name) => (node, name)).ToLookup(pair => pair.name, pair => pair.node);

    /// <summary>Whether a run can ask for the value.</summary>
    public bool IsOutput(string name) => Outputs.Exists(output => output.Name == name);

    /// <summary>The names that this (sub)graph reads from a surrounding one.</summary>
    public IEnumerable<string> Captures()
    {
        var own = new HashSet<string>(
            Inputs.Select(input => input.Name).Concat(Weights.Keys).Concat(Nodes.SelectMany(node => node.Outputs))
        );
        return Nodes
            .SelectMany(node => node.Reads)
            .Concat(Outputs.Select(output => output.Name))
            .Where(name => !own.Contains(name))
            .Distinct();
    }

    /// <summary>A copy whose nodes can be edited freely; weights are shared.</summary>
    public ModelGraph Clone() => Clone(Names.Copy());

    /// <summary>A copy that takes its names from <paramref name="taken"/>.</summary>
    internal ModelGraph Clone(ValueNames taken) =>
        new()
        {
            Name = Name,
            IrVersion = IrVersion,
            Inputs = [.. Inputs],
            Outputs = [.. Outputs],
            Nodes = [.. Nodes.Select(node => node.Clone(taken))],
            Weights = new(Weights),
            Opsets = new(Opsets),
            Declared = new(Declared),
            Names = taken,
        };
}
