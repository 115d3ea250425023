using ExplainService.Graph.Building;
using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Rewrites;

/// <summary>A product of activations with a weight, which can be computed in int8.</summary>
/// <param name="Output">Name of the product in the graph.</param>
/// <param name="Inputs">Length of its sums.</param>
/// <param name="Outputs">Its columns.</param>
public sealed record WeightProduct(string Output, long Inputs, long Outputs);

/// <summary>
/// Makes an int8 graph of a float32 one: X W with W in int8, one scale a column, and X in uint8, one scale a <b>token row</b>, taken from
/// that row's largest value. ONNX Runtime's own dynamic quantiser has one scale for the whole tensor, so that a row's answer would depend
/// on the rows that it was batched with; here it never does. Per-token scales also follow outliers better (Dettmers et al. 2022).
/// </summary>
/// <remarks>
/// A <c>Gemm</c> over flattened tokens is a product of the same kind (exporters write the dense layers of GPT-2 so, between two Reshapes):
/// its weight may stand the other way round and its bias is added afterwards. Those of a pooler or a classifier compute one row a text:
/// nothing to gain.
/// </remarks>
/// <param name="codes">The int8 weights made so far, by weight and whether it is [outputs, inputs]; graphs of one model share them.</param>
public sealed class QuantiseProducts(Dictionary<(Weight Weight, bool Transposed), (Weight Codes, Weight Scales)> codes)
{
    // uint8 with its zero in the middle: the only pair of types for which processors have a fast product is unsigned by signed.
    private const byte Zero = 128;
    private const float MaxInt8 = 127;

    /// <summary>The products that can be computed in int8.</summary>
    public static IReadOnlyList<WeightProduct> Find(ModelGraph graph)
    {
        var producers = graph.Producers();
        return
        [
            .. graph
                .Nodes.Where(node => WeightOf(graph, producers, node) is not null)
                .Select(node =>
                {
                    var (dims, transposed) = (graph.Weights[node.Inputs[1]].Dims, IsTransposed(node));
                    return new WeightProduct(node.Output, dims[transposed ? 1 : 0], dims[transposed ? 0 : 1]);
                }),
        ];
    }

    /// <summary>Rewrites the chosen products in place.</summary>
    public void Apply(ModelGraph graph, IReadOnlySet<string> products)
    {
        var (tape, producers) = (new Tape(graph), graph.Producers());
        var rows = new Dictionary<string, (Value Codes, Value Scale)>();
        var replaced = new HashSet<Node>();
        foreach (var node in graph.Nodes.Where(node => products.Contains(node.Output)).ToArray())
        {
            if (WeightOf(graph, producers, node) is not { } weight)
            {
                continue;
            }

            graph.Opsets.TryAdd(OperatorTable.Contrib, 1);
            var input = node.Inputs[0];
            if (!rows.TryGetValue(input, out var row))
            {
                rows[input] = row = Rows(tape, tape[input]);
            }

            var (quantised, scales) = Quantised(graph, weight, IsTransposed(node));
            var (name, bias) = (node.Output, node.Input(2));
            replaced.Add(node);
            var product = tape.Emit(
                "MatMulIntegerToFloat",
                [row.Codes, tape[quantised], tape.Scalar(1), tape[scales], ZeroPoint(tape)],
                1,
                OperatorTable.Contrib
            )[0];
            if (bias is null)
            {
                graph.Add(new Node("Mul", [product.Name, row.Scale.Name], [name]));
            }
            else
            {
                graph.Add(new Node("Add", [(product * row.Scale).Name, bias], [name]));
            }
        }

        graph.Nodes.RemoveAll(replaced.Contains);
        graph.Sort();
        graph.RemoveDead();
    }

    private static bool IsTransposed(Node node) => node.Is("Gemm") && node.Int("transB") != 0;

    private static bool IsDense(Node gemm, IReadOnlyDictionary<string, Node> producers) =>
        producers.GetValueOrDefault(gemm.Inputs[0]) is { Op: "Reshape" }
        && gemm.Int("transA") == 0
        && gemm.Float("alpha", 1) == 1
        && (gemm.Input(2) is null || gemm.Float("beta", 1) == 1);

    private static Weight? WeightOf(ModelGraph graph, IReadOnlyDictionary<string, Node> producers, Node node) =>
        (node.Is("MatMul") || (node.Is("Gemm") && IsDense(node, producers)))
        && graph.Weights.TryGetValue(node.Inputs[1], out var weight)
        && weight.Type == ElementType.Float
        && weight.Dims.Count == 2
            ? weight
            : null;

    /// <summary>Codes and scale of every token row; a row of zeros keeps a scale that is no zero.</summary>
    private static (Value Codes, Value Scale) Rows(Tape tape, Value x)
    {
        var largest = tape.EmitAxes("ReduceMax", tape.Emit("Abs", x), [-1], ("keepdims", 1L));
        var scale = tape.Emit("Max", largest * (1 / MaxInt8), tape.Scalar(1e-30));
        return (tape.Emit("QuantizeLinear", x / scale, tape.Scalar(1), ZeroPoint(tape)), scale);
    }

    private static Value ZeroPoint(Tape tape) => tape.Constant<byte>([Zero]);

    private (string Codes, string Scales) Quantised(ModelGraph graph, Weight weight, bool transposed)
    {
        if (!codes.TryGetValue((weight, transposed), out var made))
        {
            codes[(weight, transposed)] = made = Quantise(weight, transposed);
        }

        return (Put(graph, made.Codes), Put(graph, made.Scales));
    }

    /// <summary>Adds a weight that may be there already, under its own name unless the model has given that to something else.</summary>
    private static string Put(ModelGraph graph, Weight weight)
    {
        if (graph.Weights.TryGetValue(weight.Name, out var known) && known.Address == weight.Address)
        {
            return weight.Name;
        }

        var name = graph.Unique(weight.Name);
        graph.Add(name == weight.Name ? weight : weight.With(name));
        return name;
    }

    private static (Weight Codes, Weight Scales) Quantise(Weight weight, bool transposed)
    {
        var (rows, columns) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        var (inputs, outputs) = transposed ? (columns, rows) : (rows, columns);
        var values = weight.As<float>();
        var scales = new float[outputs];
        for (var i = 0; i < values.Length; i++)
        {
            var output = transposed ? i / columns : i % columns;
            scales[output] = Math.Max(scales[output], Math.Abs(values[i]) / MaxInt8);
        }

        var quantised = new sbyte[inputs * outputs];
        for (var i = 0; i < values.Length; i++)
        {
            var (input, output) = transposed ? (i % columns, i / columns) : (i / columns, i % columns);
            quantised[(input * outputs) + output] = scales[output] == 0 ? (sbyte)0 : (sbyte)MathF.Round(values[i] / scales[output]);
        }

        var name = weight.Name + (transposed ? "_turned" : "") + "_int8";
        return (Weight.Adopt(name, [inputs, outputs], quantised), Weight.Adopt(name + "_scales", [outputs], scales));
    }
}
