using System.Runtime.InteropServices;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Building;

/// <summary>
/// Builds onto a graph: each call appends a node at the graph's opset and infers its shape. Nodes go to the end, so whoever lets
/// earlier nodes read new values calls <see cref="GraphEditing.Sort"/> afterwards. Equal constants are one weight.
/// </summary>
public sealed class Tape(ModelGraph graph, InferredShapes shapes)
{
    private readonly Dictionary<string, string> constants = [];

    /// <summary>A tape over a graph of which nothing is known yet.</summary>
    public Tape(ModelGraph graph)
        : this(graph, InferredShapes.Of(graph)) { }

    /// <summary>The graph that is built.</summary>
    public ModelGraph Graph => graph;

    /// <summary>What is known about its values.</summary>
    public InferredShapes Shapes => shapes;

    /// <summary>A value that the graph has already.</summary>
    public Value this[string name] => new(this, name);

    /// <summary>Adds an input.</summary>
    public Value Input(string name, ElementType type, params Dim[] dims)
    {
        graph.Inputs.Add(new ValueInfo(name, type, dims));
        graph.Names.Reserve([name]);
        shapes.Set(name, new TensorInfo(type, dims));
        return this[name];
    }

    /// <summary>Makes a value an output of the graph under that name (an Identity, where it has another).</summary>
    public Value Output(Value value, string name)
    {
        if (value.Name != name)
        {
            value = Append("Identity", [value], [name], "", [])[0];
        }

        graph.Outputs.Add(new ValueInfo(name, value.Type, value.Info.Dims));
        return value;
    }

    /// <summary>Lets every reader of a value read another in its place, which is made from it.</summary>
    public void Replace(string name, Func<Value, Value> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (producer, info) = (graph.Nodes.Find(node => node.Outputs.Contains(name))!, shapes[name]);
        var before = graph.Unique(name);
        producer.Outputs[producer.Outputs.IndexOf(name)] = before;
        shapes.Set(before, info);
        Append("Identity", [change(this[before])], [name], "", []);
        shapes.Set(name, info);
    }

    /// <summary>Emits an operator with one output.</summary>
    public Value Emit(string op, params Value?[] inputs) => Emit(op, inputs, []);

    /// <summary>Emits an operator with attributes (see <see cref="Node.Attributes"/>) and one output.</summary>
    public Value Emit(string op, IReadOnlyList<Value?> inputs, params (string Name, object Value)[] attributes) =>
        Emit(op, inputs, 1, "", attributes)[0];

    /// <summary>Emits any operator.</summary>
    public Value[] Emit(
        string op,
        IReadOnlyList<Value?> inputs,
        int outputs,
        string domain = "",
        params (string Name, object Value)[] attributes
    ) => Append(op, inputs, [.. Enumerable.Range(0, outputs).Select(_ => graph.Unique(op.ToLowerInvariant()))], domain, attributes);

    /// <summary>Joins along an axis.</summary>
    public Value Concat(long axis, params Value[] parts) => parts.Length == 1 ? parts[0] : Emit("Concat", parts, ("axis", axis));

    /// <summary>Cuts an axis into parts of these sizes.</summary>
    public Value[] Split(Value value, long axis, params long[] sizes) =>
        graph.Opset >= 13
            ? Emit("Split", [value, List(sizes)], sizes.Length, "", ("axis", axis))
            : Emit("Split", [value], sizes.Length, "", ("axis", axis), ("split", sizes));

    /// <summary>Emits an operator whose axes moved from an attribute to an input; the one place that knows since when.</summary>
    public Value EmitAxes(string op, Value value, long[] axes, params (string Name, object Value)[] attributes)
    {
        var since = op is "ReduceSum" or "Squeeze" or "Unsqueeze" ? 13 : 18;
        return graph.Opset >= since ? Emit(op, [value, List(axes)], attributes) : Emit(op, [value], [.. attributes, ("axes", axes)]);
    }

    /// <summary>A list of int64, [n].</summary>
    public Value List(long[] values) => Constant<long>(values, values.Length);

    /// <summary>A constant of any shape; equal small ones are shared.</summary>
    public Value Constant<T>(ReadOnlySpan<T> values, params long[] dims)
        where T : unmanaged
    {
        var key =
            values.Length <= TensorInfo.ContentLimit
                ? $"{typeof(T).Name}[{string.Join(',', dims)}]{Convert.ToHexString(MemoryMarshal.AsBytes(values))}"
                : null;
        if (key is not null && constants.TryGetValue(key, out var known))
        {
            return this[known];
        }

        var value = Constant(Weight.Of(graph.Unique("constant"), dims, values));
        if (key is not null)
        {
            constants[key] = value.Name;
        }

        return value;
    }

    /// <summary>Adds a weight (its name must be free).</summary>
    public Value Constant(Weight weight)
    {
        graph.Add(weight);
        shapes.Learn(weight);
        return this[weight.Name];
    }

    /// <summary>A number as a scalar of an element type; an unknown type counts as float32.</summary>
    public Value Scalar(double value, ElementType type = ElementType.Float) =>
        type switch
        {
            ElementType.Float or ElementType.Undefined => Constant<float>([(float)value]),
            ElementType.Double => Constant<double>([value]),
            ElementType.Float16 => Constant<Half>([(Half)value]),
            ElementType.Int64 => Constant<long>([(long)value]),
            ElementType.Int32 => Constant<int>([(int)value]),
            ElementType.Bool => Constant<bool>([value != 0]),
            _ => throw new NotSupportedException($"No scalars of type {type}."),
        };

    private Value[] Append(
        string op,
        IReadOnlyList<Value?> inputs,
        string[] outputs,
        string domain,
        (string Name, object Value)[] attributes
    )
    {
        if (domain.Length > 0)
        {
            graph.Opsets.TryAdd(domain, 1);
        }

        var node = graph.Add(new Node(op, inputs.Select(input => input?.Name ?? ""), outputs, domain));
        foreach (var (name, value) in attributes)
        {
            node.Attributes[name] = value;
        }

        shapes.Infer(node);
        return [.. outputs.Select(name => this[name])];
    }
}
