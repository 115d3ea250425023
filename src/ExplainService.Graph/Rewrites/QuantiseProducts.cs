namespace ExplainService.Graph.Rewrites;

/// <summary>A product of activations with a weight [inputs, outputs], which can be computed in int8.</summary>
/// <param name="Output">Name of the product in the graph.</param>
/// <param name="Inputs">Length of its sums.</param>
/// <param name="Outputs">Its columns.</param>
public sealed record WeightProduct(string Output, long Inputs, long Outputs);

/// <summary>
/// Makes an int8 graph of a float32 one: X W with W in int8, one scale a column, and X in uint8, one scale a <b>token row</b>, taken from
/// that row's largest value. ONNX Runtime's own dynamic quantiser has one scale for the whole tensor, so that a row's answer would depend
/// on the rows that it was batched with; here it never does. Per-token scales also follow outliers better (Dettmers et al. 2022).
/// </summary>
/// <param name="codes">The int8 weights made so far, which graphs of one model share.</param>
public sealed class QuantiseProducts(Dictionary<Weight, (Weight Codes, Weight Scales)> codes)
{
    private const string Contrib = "com.microsoft";

    // uint8 with its zero in the middle: the only pair of types for which processors have a fast product is unsigned by signed.
    private const byte Zero = 128;
    private const float Largest = 127;

    /// <summary>The products that can be computed in int8.</summary>
    public static IReadOnlyList<WeightProduct> Find(ModelGraph graph) =>
        [.. graph.Nodes.Where(node => WeightOf(graph, node) is not null)
            .Select(node => new WeightProduct(node.Output, graph.Weights[node.Inputs[1]].Dims[0], graph.Weights[node.Inputs[1]].Dims[1]))];

    /// <summary>Rewrites the chosen products in place.</summary>
    public void Apply(ModelGraph graph, IReadOnlySet<string> products)
    {
        var tape = new Tape(graph);
        var rows = new Dictionary<string, (Value Codes, Value Scale)>();
        foreach (var node in graph.Nodes.Where(node => products.Contains(node.Output)).ToArray())
        {
            if (WeightOf(graph, node) is not { } weight) continue;
            graph.Opsets.TryAdd(Contrib, 1);
            var input = node.Inputs[0];
            if (!rows.TryGetValue(input, out var row)) rows[input] = row = Rows(tape, tape[input]);
            var (quantised, scales) = Quantised(graph, weight);
            var name = node.Output;
            graph.Nodes.Remove(node);
            var product = tape.Emit("MatMulIntegerToFloat", [row.Codes, tape[quantised], tape.Scalar(1), tape[scales], ZeroPoint(tape)], 1, Contrib)[0];
            graph.Add(new Node("Mul", [product.Name, row.Scale.Name], [name]));
        }

        graph.Sort();
        graph.RemoveDead();
    }

    private static Weight? WeightOf(ModelGraph graph, Node node) =>
        node.Is("MatMul") && graph.Weights.TryGetValue(node.Inputs[1], out var weight) && weight.Type == ElementType.Float && weight.Dims.Count == 2 ? weight : null;

    /// <summary>Codes and scale of every token row; a row of zeros keeps a scale that is no zero.</summary>
    private static (Value Codes, Value Scale) Rows(Tape tape, Value x)
    {
        var largest = tape.EmitAxes("ReduceMax", tape.Emit("Abs", x), [-1], ("keepdims", 1L));
        var scale = tape.Emit("Max", largest * (1 / Largest), tape.Scalar(1e-30));
        return (tape.Emit("QuantizeLinear", x / scale, tape.Scalar(1), ZeroPoint(tape)), scale);
    }

    private static Value ZeroPoint(Tape tape) => tape.Constant<byte>([Zero]);

    private (string Codes, string Scales) Quantised(ModelGraph graph, Weight weight)
    {
        if (!codes.TryGetValue(weight, out var made)) codes[weight] = made = Quantise(weight);
        graph.Weights.TryAdd(made.Codes.Name, made.Codes);
        graph.Weights.TryAdd(made.Scales.Name, made.Scales);
        return (made.Codes.Name, made.Scales.Name);
    }

    private static (Weight Codes, Weight Scales) Quantise(Weight weight)
    {
        var (inputs, outputs) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        var values = weight.As<float>();
        var scales = new float[outputs];
        for (var i = 0; i < values.Length; i++) scales[i % outputs] = Math.Max(scales[i % outputs], Math.Abs(values[i]) / Largest);
        var quantised = new sbyte[inputs * outputs];
        for (var i = 0; i < values.Length; i++)
        {
            var scale = scales[i % outputs];
            quantised[i] = scale == 0 ? (sbyte)0 : (sbyte)MathF.Round(values[i] / scale);
        }

        return (Weight.Adopt(weight.Name + "_int8", [inputs, outputs], quantised), Weight.Adopt(weight.Name + "_int8_scales", [outputs], scales));
    }
}
