namespace ExplainService.Graph;

/// <summary>
/// One operator of a graph. Attributes are <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, <c>long[]</c>,
/// <c>float[]</c>, <c>string[]</c>, <see cref="Weight"/>, <see cref="ModelGraph"/>, or <c>byte[]</c> for text that is not UTF-8.
/// </summary>
public sealed class Node(string op, IEnumerable<string> inputs, IEnumerable<string> outputs, string domain = "", string name = "")
{
    /// <summary>The operator, such as <c>MatMul</c>.</summary>
    public string Op { get; set; } = op;

    /// <summary>The operator's domain; empty for ONNX's own.</summary>
    public string Domain { get; set; } = domain;

    /// <summary>The exporter's name of the node, for messages.</summary>
    public string Name { get; set; } = name;

    /// <summary>Names of the values read; an empty name is an optional input left out.</summary>
    public List<string> Inputs { get; } = [.. inputs];

    /// <summary>Names of the values written; an empty name is an optional output left out.</summary>
    public List<string> Outputs { get; } = [.. outputs];

    /// <summary>The attributes by name.</summary>
    public Dictionary<string, object> Attributes { get; init; } = [];

    /// <summary>The first output.</summary>
    public string Output => Outputs[0];

    /// <summary>Whether this is that operator of that domain.</summary>
    public bool Is(string op, string domain = "") => Op == op && Domain == domain;

    /// <summary>The name of an input, or null when it is left out.</summary>
    public string? Input(int index) => index < Inputs.Count && Inputs[index].Length > 0 ? Inputs[index] : null;

    /// <summary>An integer attribute.</summary>
    public long Int(string name, long fallback = 0) =>
        Attributes.TryGetValue(name, out var value) ? Require<long>(name, value, "an integer") : fallback;

    /// <summary>A float attribute.</summary>
    public float Float(string name, float fallback = 0) =>
        Attributes.TryGetValue(name, out var value) ? Require<float>(name, value, "a number") : fallback;

    /// <summary>A text attribute.</summary>
    public string? Text(string name) => Attributes.GetValueOrDefault(name) as string;

    /// <summary>A list of integers.</summary>
    public long[]? Ints(string name) => Attributes.GetValueOrDefault(name) as long[];

    /// <summary>A tensor attribute.</summary>
    public Weight? Tensor(string name) => Attributes.GetValueOrDefault(name) as Weight;

    /// <summary>A graph attribute, such as <c>then_branch</c>.</summary>
    public ModelGraph? Subgraph(string name) => Attributes.GetValueOrDefault(name) as ModelGraph;

    /// <summary>All graph attributes.</summary>
    public IEnumerable<ModelGraph> Subgraphs => Attributes.Values.OfType<ModelGraph>();

    /// <summary>Every value of the surrounding graph that the node needs: its inputs and what its subgraphs capture.</summary>
    public IEnumerable<string> Reads => Inputs.Where(name => name.Length > 0).Concat(Subgraphs.SelectMany(graph => graph.Captures()));

    /// <summary>A copy that shares only weights; its subgraphs take their names from <paramref name="taken"/>.</summary>
    internal Node Clone(ValueNames taken) =>
        new(Op, Inputs, Outputs, Domain, Name)
        {
            Attributes = Attributes.ToDictionary(
                pair => pair.Key,
                pair => pair.Value is ModelGraph graph ? graph.Clone(taken) : pair.Value
            ),
        };

    /// <summary>The operator and the node's name, or that of its first output, for messages.</summary>
    public string Place => $"{FullOp} at node '{(Name.Length > 0 ? Name : Outputs.Find(output => output.Length > 0))}'";

    private string FullOp => Domain.Length > 0 ? $"{Domain}.{Op}" : Op;

    private T Require<T>(string name, object value, string kind) =>
        value is T right ? right : throw new GraphFormatException($"Attribute '{name}' of {this} is not {kind}.");

    /// <summary>The operator and names, for messages.</summary>
    public override string ToString() => $"{FullOp} '{Name}' ({string.Join(", ", Inputs)}) -> {string.Join(", ", Outputs)}";
}
