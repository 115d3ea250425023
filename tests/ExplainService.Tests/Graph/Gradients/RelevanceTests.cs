using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Onnx;
using Xunit;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>The parts that relevance holds still, in the ways that exporters write them.</summary>
public class RelevanceTests
{
    private const int Width = 4;

    private static readonly Dictionary<string, Func<Value, Value>> Norms = new()
    {
        ["LayerNormalization"] = x => x.Tape.Emit("LayerNormalization", [x, Scale(x)], ("axis", -1L)),
        ["RMSNormalization"] = x => x.Tape.Emit("RMSNormalization", [x, Scale(x)], ("axis", -1L)),
        ["SimplifiedLayerNormalization"] = x => x.Tape.Emit("SimplifiedLayerNormalization", [x, Scale(x)], ("axis", -1L)),
        ["LpNormalization"] = x => x.Tape.Emit("LpNormalization", [x]),
        ["InstanceNormalization"] = x => x.Tape.Emit("InstanceNormalization", x, Ones(x, 3), x.Tape.Constant<float>([0, 0, 0], 3)),
        ["(x - mean) / Sqrt(mean Pow + e)"] = x => Centred(x) / (Centred(x).Pow(2).ReduceMean([-1]) + 1e-5).Sqrt() * Scale(x),
        ["(x - mean) / Sqrt(mean Mul + e)"] = x => Centred(x) is var d ? d / ((d * d).ReduceMean([-1]) + 1e-5).Sqrt() : d,
        ["(x - mean) / (Sqrt(mean) + e)"] = x => Centred(x) is var d ? d / ((d * d).ReduceMean([-1]).Sqrt() + 1e-5) : d,
        ["(x - mean) * Reciprocal Sqrt"] = x => Centred(x) is var d ? d * ((d * d).ReduceMean([-1]) + 1e-5).Sqrt().Reciprocal() : d,
        ["(x - mean) * Pow -0.5"] = x => Centred(x) is var d ? Scale(x) * ((d * d).ReduceMean([-1]) + 1e-5).Pow(-0.5) * d : d,
        ["(x - mean) / Pow 0.5"] = x => Centred(x) is var d ? d / ((d * d).ReduceMean([-1]) + 1e-5).Pow(0.5) : d,
        ["E x^2 - (E x)^2"] = x => x.ReduceMean([-1]) is var m ? (x - m) / ((x * x).ReduceMean([-1]) - (m * m) + 1e-5).Sqrt() : x,
        ["sum of squares / (n - 1)"] = x => Centred(x) is var d ? d / ((d * d).ReduceSum([-1]) / (Width - 1) + 1e-5).Sqrt() : d,
        ["x * (1 / Sqrt)"] = x => x * (1.0 / ((x * x).ReduceMean([-1]) + 1e-6).Sqrt()),
        ["x / ReduceL2"] = x => x / x.Tape.EmitAxes("ReduceL2", x, [-1], ("keepdims", 1L)),
        ["x / Max(ReduceL2, e) expanded"] = x =>
            x / x.Tape.Emit("Max", x.Tape.EmitAxes("ReduceL2", x, [-1], ("keepdims", 1L)), x.Tape.Scalar(1e-6)).Expand(x.Shape()),
        ["x * Reciprocal Sqrt ReduceSumSquare"] = x =>
            x * x.Tape.EmitAxes("ReduceSumSquare", x, [-1], ("keepdims", 1L)).Sqrt().Reciprocal(),
    };

    private static readonly Dictionary<string, Func<Value, Value>> Activations = new()
    {
        ["Gelu"] = x => x.Tape.Emit("Gelu", [x]),
        ["Gelu of com.microsoft"] = x => x.Tape.Emit("Gelu", [x], 1, "com.microsoft")[0],
        ["Tanh"] = x => x.Tanh(),
        ["HardSwish"] = x => x.Tape.Emit("HardSwish", x),
        ["Mish"] = x => x.Tape.Emit("Mish", x),
        ["Softsign"] = x => x.Tape.Emit("Softsign", x),
        ["Elu"] = x => x.Tape.Emit("Elu", x),
        ["Relu"] = x => x.Tape.Emit("Relu", x),
        ["LeakyRelu"] = x => x.Tape.Emit("LeakyRelu", x),
        ["x * 0.5 * (1 + erf)"] = x => x * 0.5 * ((x / Math.Sqrt(2)).Erf() + 1),
        ["0.5 * (x * (1 + erf))"] = x => 0.5 * (x * ((x * Math.Sqrt(0.5)).Erf() + 1)),
        ["(1 + erf) * x * 0.5"] = x => ((x / Math.Sqrt(2)).Erf() + 1) * x * 0.5,
        ["x * normal distribution by tanh"] = x => x * 0.5 * (((x + (x.Pow(3) * 0.044715)) * Math.Sqrt(2 / Math.PI)).Tanh() + 1),
        ["0.5 x (1 + tanh (x (1 + x x)))"] = x => x * (((x * ((x * x * 0.044715) + 1) * 0.79788456).Tanh() + 1) * 0.5),
        ["x * sigmoid(1.702 x)"] = x => x * (x * 1.702).Sigmoid(),
        ["sigmoid(x) * x"] = x => x.Sigmoid() * x,
        ["x * tanh(softplus x)"] = x => x * x.Tape.Emit("Softplus", x).Tanh(),
        ["x * HardSigmoid"] = x => x * x.Tape.Emit("HardSigmoid", x),
        ["x * Clip(x + 3) / 6"] = x => x * x.Tape.Emit("Clip", x + 3, x.Tape.Scalar(0), x.Tape.Scalar(6)) / 6,
        ["Relu squared"] = x => x.Tape.Emit("Relu", x) is var r ? r * r : r,
        ["Pow(Relu, 2)"] = x => x.Tape.Emit("Relu", x).Pow(2),
        ["Max(x, 0.1 x)"] = x => x.Tape.Emit("Max", x, x * 0.1),
    };

    public static TheoryData<string> NormNames => [.. Norms.Keys];

    public static TheoryData<string> ActivationNames => [.. Activations.Keys];

    [Theory]
    [MemberData(nameof(NormNames))]
    public void A_norm_is_linear_once_its_scale_stands_still(string name)
    {
        // What is linear and has no constant is the sum of what its inputs contribute.
        var (x, y, relevance, frozen) = Propagate(Norms[name]);
        Assert.Equal(new FrozenParts(0, 1, 0, 0), frozen);
        Assert.Equal(y.Index().Sum(pair => pair.Item * Seed(pair.Index)), x.Zip(relevance, (a, b) => a * b).Sum(), 1e-4);
    }

    [Theory]
    [MemberData(nameof(NormNames))]
    public void The_scale_itself_passes_nothing_on(string name)
    {
        // The relevance of one element is the scale times what centring leaves of the seed: linear in the seed and blind to x otherwise.
        var (x, y, relevance, _) = Propagate(Norms[name]);
        var (_, _, plain, _) = Propagate(Norms[name], GradientVariant.Plain);
        Assert.NotEqual(0, y.Index().Sum(pair => pair.Item * Seed(pair.Index)), 1e-2);
        Assert.Equal(0, x.Zip(plain, (a, b) => a * b).Sum(), 1e-3);
        Assert.True(x.Zip(relevance, (a, b) => a * b).Sum() is > 1e-2 or < -1e-2);
    }

    [Theory]
    [MemberData(nameof(ActivationNames))]
    public void The_slope_of_an_activation_is_y_over_x(string name)
    {
        var (x, y, relevance, frozen) = Propagate(Activations[name]);
        Assert.InRange(frozen!.Activation, name.StartsWith("Max", StringComparison.Ordinal) ? 0 : 1, 2);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.Equal(Seed(i) * y[i], x[i] * relevance[i], 1e-5);
            Assert.True(double.IsFinite(relevance[i]));
        }
    }

    [Theory]
    [InlineData("Gelu", 0.5)]
    [InlineData("Tanh", 1)]
    [InlineData("Mish", 0.6)]
    [InlineData("Softsign", 1)]
    [InlineData("x * 0.5 * (1 + erf)", 0.5)]
    [InlineData("x * sigmoid(1.702 x)", 0.5)]
    [InlineData("x * tanh(softplus x)", 0.6)]
    public void Where_x_is_0_the_slope_is_the_derivative(string name, double slope)
    {
        // The last element is 0.
        var (x, _, relevance, _) = Propagate(Activations[name]);
        Assert.Equal(0, x[^1]);
        Assert.Equal(slope * Seed(x.Length - 1), relevance[^1], 1e-5);
    }

    [Fact]
    public void A_gate_passes_through_its_linear_branch_alone_or_a_half_through_each()
    {
        Value Gated(Value x) => Dense(x, 1) is var a && Dense(x, 2) is var b ? a * (b * b.Sigmoid()) : x;
        var (x, y, cp, frozen) = Propagate(Gated);
        var (_, _, attn, _) = Propagate(Gated, GradientVariant.AttnLrp);
        var f = y.Index().Sum(pair => pair.Item * Seed(pair.Index));
        Assert.Equal(new FrozenParts(0, 0, 0, 1), frozen);
        Assert.Equal(f, x.Zip(cp, (a, b) => a * b).Sum(), 1e-4);
        Assert.Equal(f, x.Zip(attn, (a, b) => a * b).Sum(), 1e-4);
        Assert.NotEqual(cp[0], attn[0], 1e-3);
    }

    [Fact]
    public void Attention_passes_through_its_values_alone_and_shorter()
    {
        Value Attended(Value x) => Dense(x, 1).MatMul(Dense(x, 2).Transpose(0, 2, 1)).Softmax().MatMul(Dense(x, 3));
        var (x, y, relevance, frozen) = Propagate(Attended);
        Assert.Equal(new FrozenParts(1, 0, 0, 0), frozen);
        Assert.Equal(y.Index().Sum(pair => pair.Item * Seed(pair.Index)), x.Zip(relevance, (a, b) => a * b).Sum(), 1e-4);
        Assert.True(Nodes(Attended, GradientVariant.CpLrp) < Nodes(Attended, GradientVariant.Plain));
        Assert.Equal(0, Propagate(Attended, GradientVariant.AttnLrp).Frozen!.Attention);
    }

    [Fact]
    public void A_softmax_that_is_written_out_stands_still_too()
    {
        Value Attended(Value x)
        {
            var scores = Dense(x, 1).MatMul(Dense(x, 2).Transpose(0, 2, 1));
            var exponentials = (scores - scores.ReduceMax([-1])).Exp();
            return (exponentials / (exponentials.ReduceSum([-1]) + 1e-9)).MatMul(Dense(x, 3));
        }

        Assert.Equal(new FrozenParts(1, 0, 0, 0), Propagate(Attended).Frozen);
        var (_, _, attn, _) = Propagate(Attended, GradientVariant.AttnLrp);
        Assert.All(attn, slope => Assert.True(double.IsFinite(slope)));
    }

    [Theory]
    [InlineData("Exp")]
    [InlineData("Sigmoid")]
    [InlineData("Softplus")]
    [InlineData("Softmax")]
    [InlineData("Sqrt")]
    [InlineData("ReduceLogSumExp")]
    public void What_is_neither_linear_nor_known_is_refused_with_its_name(string op)
    {
        Value Curved(Value x) => x.Tape.Emit(op, x);
        foreach (var variant in new[] { GradientVariant.CpLrp, GradientVariant.AttnLrp })
        {
            var error = Assert.Throws<UnsupportedGradientException>(() => Propagate(Curved, variant));
            Assert.Contains($"operator {op} at node '", error.Message, StringComparison.Ordinal);
            Assert.Equal(error.Message, Obstacle(Curved, variant));
        }
    }

    [Fact]
    public void A_quotient_of_two_values_that_is_no_norm_is_refused()
    {
        var error = Assert.Throws<UnsupportedGradientException>(() => Propagate(x => Dense(x, 1) / (Dense(x, 2).Exp() + 1)));
        Assert.Contains("operator Div", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deviation_that_is_a_feature_is_not_held_in_silence()
    {
        // Pooling by mean and deviation: the deviation says something of its own.
        Value Pooled(Value x) => Centred(x) is var d ? x.Tape.Concat(-1, x, (d * d).ReduceMean([-1]).Sqrt()) : x;
        Assert.Contains("Sqrt", Assert.Throws<UnsupportedGradientException>(() => Propagate(Pooled)).Message, StringComparison.Ordinal);
    }

    private static Value Centred(Value x) => x - x.ReduceMean([-1]);

    private static Value Scale(Value x) => x.Tape.Constant<float>([1, 2, 0.5f, -1], Width);

    private static Value Ones(Value x, int count) => x.Tape.Constant<float>([.. Enumerable.Repeat(1f, count)], count);

    private static Value Dense(Value x, int seed) =>
        x.MatMul(x.Tape.Constant<float>([.. Enumerable.Range(0, Width * Width).Select(i => MathF.Sin((i + 1) * seed))], Width, Width));

    private static double Seed(int element) => 1 + Math.Sin(element + 1);

    private static float[] Input()
    {
        float[] values = [.. Enumerable.Range(0, 2 * 3 * Width).Select(i => 2 * MathF.Sin(3 * i + 1))];
        values[^1] = 0;
        return values;
    }

    private static (ModelGraph Graph, Tape Tape, Value X, Value Y) Build(Func<Value, Value> write)
    {
        var graph = new ModelGraph { Opsets = { [""] = 23, ["com.microsoft"] = 1 }, IrVersion = 10 };
        var tape = new Tape(graph);
        var x = tape.Input("x", ElementType.Float, 2, 3, Width);
        return (graph, tape, x, write(x));
    }

    private static FrozenParts? Differentiate(ModelGraph graph, Tape tape, Value y, GradientVariant variant)
    {
        var rules = variant == GradientVariant.Plain ? null : new RelevanceRules(graph, tape.Shapes, ["x"], variant);
        var count = y.Info.Dims!.Aggregate(1L, (product, dim) => product * dim.Value!.Value);
        var seed = tape.Constant<float>(
            [.. Enumerable.Range(0, (int)count).Select(i => (float)Seed(i))],
            [.. y.Info.Dims!.Select(dim => dim.Value!.Value)]
        );
        var gradient = Backward.Run(tape, y.Name, seed, ["x"], (GradientRules?)rules ?? PlainRules.Instance)["x"];
        tape.Output(y, "y");
        tape.Output(gradient, "gradient");
        graph.RemoveDead();
        graph.Sort();
        return rules?.Frozen;
    }

    private static (double[] X, double[] Y, double[] Relevance, FrozenParts? Frozen) Propagate(
        Func<Value, Value> write,
        GradientVariant variant = GradientVariant.CpLrp
    )
    {
        var (graph, tape, _, y) = Build(write);
        var frozen = Differentiate(graph, tape, y, variant);
        using var session = OnnxRun.Open(GraphSerializer.Serialize(graph));
        var results = FiniteDifferences.Run(session, new Dictionary<string, Tensor> { ["x"] = new([2, 3, Width], Input()) });
        return (Array.ConvertAll(Input(), value => (double)value), results["y"].Doubles, results["gradient"].Doubles, frozen);
    }

    private static int Nodes(Func<Value, Value> write, GradientVariant variant)
    {
        var (graph, tape, _, y) = Build(write);
        Differentiate(graph, tape, y, variant);
        return graph.Nodes.Count;
    }

    private static string? Obstacle(Func<Value, Value> write, GradientVariant variant)
    {
        var (graph, tape, _, y) = Build(write);
        return Backward.FindUnsupportedOperator(graph, tape.Shapes, [y.Name], ["x"], variant)?.Message;
    }
}
