using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites.Decompose;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ExplainService.Tests.Graph.Rewrites;

/// <summary>A graph of one operator on made-up numbers: inputs that move, and constants.</summary>
internal sealed class OneNode(string op, string domain = "com.microsoft", long opset = 18)
{
    private readonly Random random = new(7);
    private readonly ModelGraph graph = new() { Opsets = { [""] = opset, ["com.microsoft"] = 1 } };
    private readonly Dictionary<string, OrtValue> feeds = [];
    private readonly List<string> inputs = [];
    private readonly Dictionary<string, object> attributes = [];
    private readonly List<Node> after = [];

    /// <summary>A float input; sizes are declared by name except the last, which an operator may rely on.</summary>
    public OneNode Input(params long[] dims) => Feed(Floats(dims), dims);

    public OneNode Feed<T>(T[] values, params long[] dims)
        where T : unmanaged
    {
        var name = graph.Unique("in");
        inputs.Add(name);
        feeds[name] = OrtValue.CreateTensorValueFromMemory(values, dims);
        var type = Weight.Of<T>("", [values.Length], values).Type;
        graph.Inputs.Add(
            new ValueInfo(name, type, [.. dims.Select((size, axis) => axis == 0 && dims.Length > 1 ? Dim.Of($"size_{size}") : (Dim)size)])
        );
        return this;
    }

    /// <summary>Another word for the size of the last input.</summary>
    public OneNode Declared(Dim size)
    {
        graph.Inputs[^1] = graph.Inputs[^1] with { Dims = [size] };
        return this;
    }

    public OneNode Constant(params long[] dims) => Constant(Floats(dims), dims);

    public OneNode Constant<T>(T[] values, params long[] dims)
        where T : unmanaged
    {
        inputs.Add(graph.Add(Weight.Of<T>(graph.Unique("constant"), dims, values)));
        return this;
    }

    /// <summary>A number by a name of its own.</summary>
    public OneNode Constant<T>(string name, T value)
        where T : unmanaged
    {
        inputs.Add(graph.Add(Weight.Of<T>(name, [], [value])));
        return this;
    }

    /// <summary>Numbers of an integer type.</summary>
    public OneNode Bytes(params long[] dims) => Constant(RandomBytes(dims), dims);

    public OneNode SignedBytes(params long[] dims) => Constant(Array.ConvertAll(RandomBytes(dims), x => (sbyte)(x - 128)), dims);

    /// <summary>
    /// A float input that is rounded to uint8 by a DynamicQuantizeLinear before the operator: three inputs, in an order of its own.
    /// </summary>
    public OneNode Rounded(string name, params long[] dims)
    {
        Input(dims);
        graph.Add(new Node("DynamicQuantizeLinear", [inputs[^1]], [name, name + "_scale", name + "_zero"]));
        inputs.RemoveAt(inputs.Count - 1);
        return this;
    }

    /// <summary>An input by its name.</summary>
    public OneNode Named(string name)
    {
        inputs.Add(name);
        return this;
    }

    /// <summary>Feeds the operator's output through another that ends in a float, with constants.</summary>
    public OneNode Then(string next, params string[] others)
    {
        after.Add(new Node(next, ["out0", .. others], ["after"]));
        return this;
    }

    public OneNode None()
    {
        inputs.Add("");
        return this;
    }

    public OneNode With(string attribute, object value)
    {
        attributes[attribute] = value;
        return this;
    }

    /// <summary>Runs the operator and what replaces it; every output must agree.</summary>
    public void Check(int outputs = 1, double tolerance = 1e-5, params int[] leftOut)
    {
        Build(outputs, leftOut);
        Same(Run(graph, feeds), Run(Plain(), feeds), tolerance);
    }

    /// <summary>Compares what replaces the operator with another operator.</summary>
    public void CheckAgainst(OneNode other)
    {
        Build(1, []);
        other.Build(1, []);
        Same(Run(other.graph, other.feeds), Run(Plain(), feeds), 1e-5);
    }

    /// <summary>What replaces the operator.</summary>
    public ModelGraph Plain(int outputs)
    {
        Build(outputs, []);
        return Plain();
    }

    private void Build(int outputs, int[] leftOut)
    {
        var node = graph.Add(
            new Node(op, inputs, Enumerable.Range(0, outputs).Select(i => leftOut.Contains(i) ? "" : $"out{i}"), domain, "node")
        );
        foreach (var (name, value) in attributes)
        {
            node.Attributes[name] = value;
        }

        graph.Nodes.AddRange(after);
        var results = after.Count > 0 ? after[^1].Outputs : node.Outputs;
        graph.Outputs.AddRange(results.Where(name => name.Length > 0).Select(name => new ValueInfo(name, ElementType.Undefined, null)));
    }

    /// <summary>The plain graph, in which the contrib operators are gone.</summary>
    private ModelGraph Plain()
    {
        var plain = DecomposedGraph.Of(graph)?.Graph ?? throw new Xunit.Sdk.XunitException("nothing was replaced");
        Assert.DoesNotContain(plain.Nodes, node => node.Op == op || (node.Domain.Length > 0 && node.Op != "Gelu"));
        return plain;
    }

    private static void Same(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual, double tolerance)
    {
        foreach (var (name, values) in expected)
        {
            Assert.Equal(values.Length, actual[name].Length);
            var worst = values.Zip(actual[name], (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst <= tolerance, $"{name}: largest difference {worst:g4} over {tolerance:g4}");
        }
    }

    private static Dictionary<string, float[]> Run(ModelGraph graph, Dictionary<string, OrtValue> feeds)
    {
        using var session = OnnxRun.Open(GraphSerializer.Serialize(graph));
        using var options = new RunOptions();
        string[] names = [.. session.OutputMetadata.Keys];
        string[] fed = [.. session.InputMetadata.Keys];
        using var results = session.Run(options, fed, [.. fed.Select(name => feeds[name])], names);
        return names.Zip(results, (name, value) => (name, OnnxRun.Read(value).Values)).ToDictionary();
    }

    private float[] Floats(long[] dims) =>
        [.. Enumerable.Range(0, (int)dims.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)((random.NextDouble() * 2) - 1))];

    private byte[] RandomBytes(long[] dims)
    {
        var bytes = new byte[dims.Aggregate(1L, (a, b) => a * b)];
        random.NextBytes(bytes);
        return bytes;
    }
}
