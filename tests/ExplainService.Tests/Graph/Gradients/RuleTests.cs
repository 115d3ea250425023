using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Operators;
using Xunit;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>Every gradient rule against finite differences of the operator itself, with all, some and nothing known about sizes.</summary>
public class RuleTests
{
    private static readonly Dictionary<string, RuleCase> Cases = RuleCases.All.ToDictionary(item => item.ToString());

    /// <summary>The operators that exports have between embeddings and output or around them.</summary>
    private static readonly string[] Zoo = (
        "Add Sub Mul Div Pow Sqrt Reciprocal Neg Abs Exp Log Erf Tanh Sigmoid Relu Gelu Softmax LogSoftmax LayerNormalization ReduceMean ReduceSum MatMul "
        + "Gemm Reshape Transpose Squeeze Unsqueeze Flatten Expand Tile Slice Split Concat Gather GatherND GatherElements ScatterND ScatterElements Where "
        + "Clip Min Max Pad Cast Identity Einsum Trilu IsNaN Shape Range ConstantOfShape Equal Less CumSum ArgMax"
    ).Split(' ');

    public static TheoryData<string, Declared> Data() =>
        new(from name in Cases.Keys from declared in Enum.GetValues<Declared>() select (name, declared));

    [Theory]
    [MemberData(nameof(Data))]
    public void Rule_agrees_with_finite_differences(string name, Declared declared)
    {
        var item = Cases[name];
        var graph = Build(item, declared);
        using var forward = OnnxRun.Open(GraphSerializer.Serialize(graph));
        var feeds = item
            .Inputs.Index()
            .Where(pair => !pair.Item.Constant)
            .ToDictionary(pair => $"x{pair.Index}", pair => new Tensor(pair.Item.Dims, pair.Item.Elements(pair.Index)));
        var outputs = FiniteDifferences.Run(forward, feeds);
        var seeds = outputs.ToDictionary(
            pair => pair.Key,
            pair => Enumerable.Range(0, pair.Value.Values.Length).Select(i => Math.Sin(i + 1)).ToArray()
        );

        Differentiate(graph, item, outputs);
        using var backward = OnnxRun.Open(GraphSerializer.Serialize(graph));
        var fed = feeds.Concat(outputs.Select(pair => KeyValuePair.Create($"seed_{pair.Key}", Seed(pair.Value, seeds[pair.Key]))));
        var actual = FiniteDifferences.Run(backward, fed.ToDictionary());

        foreach (var input in Moving(item))
        {
            var expected = FiniteDifferences.Of(forward, feeds, input, seeds);
            Assert.Equal(feeds[input].Dims, actual["gradient_" + input].Dims);
            var values = actual["gradient_" + input].Doubles;
            var largest = expected.Select(Math.Abs).Append(0.1).Max();
            for (var i = 0; i < values.Length; i++)
            {
                Assert.True(
                    Math.Abs(values[i] - expected[i]) <= 1e-3 * largest,
                    $"{input}[{i}]: {values[i]:g6}, by differences {expected[i]:g6}"
                );
            }
        }
    }

    [Fact]
    public void Every_operator_of_the_zoo_has_a_rule_or_no_gradient() =>
        Assert.All(
            Zoo,
            op => Assert.True(GradientTable.Rules.ContainsKey(("", op)) || new Node(op, [], ["y"]).Has(OperatorTrait.NoGradient), op)
        );

    [Fact]
    public void Every_rule_has_a_case()
    {
        var covered = Cases.Values.Select(item => item.Op).ToHashSet();
        Assert.DoesNotContain(GradientTable.Rules.Keys, key => key.Domain.Length == 0 && !covered.Contains(key.Op));
    }

    private static IEnumerable<string> Moving(RuleCase item) =>
        item.Inputs.Index().Where(pair => pair.Item.IsMoving).Select(pair => $"x{pair.Index}");

    private static ModelGraph Build(RuleCase item, Declared declared)
    {
        var graph = new ModelGraph { Opsets = { [""] = item.Opset, ["com.microsoft"] = 1 }, IrVersion = 10 };
        var tape = new Tape(graph);
        var inputs = item.Inputs.Select((input, index) => Input(tape, input, index, declared)).ToArray();
        var outputs = tape.Emit(item.Op, inputs, item.Outputs, item.Domain, item.Attributes);
        foreach (var through in item.Through)
        {
            tape.Output(outputs[through], outputs[through].Name);
        }

        return graph;
    }

    private static Value? Input(Tape tape, RuleInput input, int index, Declared declared)
    {
        if (input == RuleInput.None)
        {
            return null;
        }

        if (input.Constant)
        {
            return tape.Constant(
                input.Values is float[] floats
                    ? Weight.Of<float>($"x{index}", input.Dims, floats)
                    : Weight.Of<long>($"x{index}", input.Dims, (long[])input.Values!)
            );
        }

        return tape.Input(
            $"x{index}",
            input.Type,
            [
                .. input.Dims.Select(
                    (size, axis) =>
                        declared switch
                        {
                            _ when declared == Declared.Sizes || !input.IsMoving => size,
                            Declared.Symbols when size == 1 => 1,
                            Declared.Symbols => Dim.Of($"size_{index}_{axis}"),
                            _ => Dim.Unknown,
                        }
                ),
            ]
        );
    }

    private static void Differentiate(ModelGraph graph, RuleCase item, Dictionary<string, Tensor> outputs)
    {
        var tape = new Tape(graph);
        var seeded = graph.Outputs.ToArray();
        Value[] seeds =
        [
            .. seeded.Select(output =>
                tape.Input($"seed_{output.Name}", output.Type, tape[output.Name].Info.Dims ?? new Dim[outputs[output.Name].Dims.Length])
            ),
        ];
        string[] moving = [.. Moving(item)];
        // Through several outputs at once: their weighted sum.
        var output = tape[seeded[0].Name];
        var seed = seeds[0];
        if (seeds.Length > 1)
        {
            var sums = seeded.Select((value, i) => (tape[value.Name] * seeds[i]).Reshape(-1).ReduceSum([0]));
            (output, seed) = (sums.Aggregate((a, b) => a + b), tape.Constant<float>([1], 1));
        }

        var gradients = Backward.Run(tape, output.Name, seed, moving);
        graph.Outputs.Clear();
        foreach (var input in moving)
        {
            tape.Output(gradients[input], "gradient_" + input);
        }

        graph.Sort();
    }

    private static Tensor Seed(Tensor output, double[] values)
    {
        var single = output.Values is float[];
        return new Tensor(output.Dims, single ? Array.ConvertAll(values, x => (float)x) : values);
    }
}
