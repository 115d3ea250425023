using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Gradients;
using ExplainService.Tests.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>What has no gradient rule is named before anybody asks for a gradient, and only if it is in the way.</summary>
public sealed class UnsupportedOperatorTests
{
    [Fact]
    public void An_operator_without_a_rule_is_named_with_its_node()
    {
        var compiler = new FormCompiler(Model(x => Strange(x, "com.example", "Mystery")));
        Assert.Contains("com.example.Mystery at node 'layer.0/strange'", compiler.Report.NoGradient, StringComparison.Ordinal);
        var refusal = Assert.Throws<UnsupportedGradientException>(() =>
            compiler.GradientGraph(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax))
        );
        Assert.Equal(compiler.Report.NoGradient, refusal.Message);
    }

    [Fact]
    public void An_operator_beside_the_way_is_no_obstacle()
    {
        var compiler = new FormCompiler(
            Model(x => x + Strange(x.Tape.Constant<float>([1], 1), "com.example", "Mystery").Cast(ElementType.Float))
        );
        Assert.Null(compiler.Report.NoGradient);
    }

    [Fact]
    public void A_branch_that_only_a_run_decides_is_named()
    {
        var compiler = new FormCompiler(
            Model(x =>
            {
                var condition = x.Tape.Emit("Greater", x.ReduceSum([0, 1, 2], keepdims: false), x.Tape.Scalar(0));
                x.Tape.Graph.Add(BranchTests.If(condition.Name, "chosen", Branch("Neg", x), Branch("Exp", x))).Name = "choice";
                x.Tape.Shapes.Set("chosen", x.Info);
                return x.Tape["chosen"];
            })
        );
        Assert.Contains("If at node 'choice'", compiler.Report.NoGradient, StringComparison.Ordinal);
        Assert.Throws<UnsupportedGradientException>(() =>
            compiler.GradientGraph(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax))
        );
    }

    /// <summary>One input of embeddings cannot stand for both; f would be another function.</summary>
    [Fact]
    public void A_second_table_that_the_same_ids_are_looked_up_in_is_named()
    {
        var compiler = new FormCompiler(Model(x => x + Table(x.Tape, 3).Gather(x.Tape["input_ids"]).Tanh() * 2));
        Assert.Contains("'input_ids' is looked up in more than one embedding table", compiler.Report.NoGradient, StringComparison.Ordinal);
        var refusal = Assert.Throws<NotSupportedException>(() =>
            compiler.GradientGraph(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax))
        );
        Assert.Equal(compiler.Report.NoGradient, refusal.Message);
    }

    [Fact]
    public void A_copy_of_the_table_is_the_same_table()
    {
        var compiler = new FormCompiler(Model(x => x + Table(x.Tape, 0).Gather(x.Tape["input_ids"]).Tanh() * 2));
        Assert.Null(compiler.Report.NoGradient);
    }

    /// <summary>Rules that differentiate with respect to their first input only must not let the others count as zero.</summary>
    [Theory]
    [InlineData("Clip", 1)]
    [InlineData("Pad", 2)]
    [InlineData("Conv", 1)]
    [InlineData("Conv", 2)]
    [InlineData("InstanceNormalization", 1)]
    [InlineData("InstanceNormalization", 2)]
    public void An_input_that_moves_and_that_the_rule_leaves_out_is_named(string op, int input)
    {
        var compiler = new FormCompiler(
            Model(x =>
            {
                var tape = x.Tape;
                var number = x.ReduceSum([0, 1, 2], keepdims: false);
                Value?[] others = op switch
                {
                    "Clip" => [number],
                    "Pad" => [tape.List([0, 0, 1, 0, 0, 1]), number],
                    "Conv" when input == 1 => [number.Expand(tape.List([4, 4, 1]))],
                    "Conv" => [tape.Constant<float>(new float[16], 4, 4, 1), number.Expand(tape.List([4]))],
                    _ when input == 1 => [number.Expand(tape.List([4])), tape.Constant<float>(new float[4], 4)],
                    _ => [tape.Constant<float>(new float[4], 4), number.Expand(tape.List([4]))],
                };
                return op is "Clip" or "Pad"
                    ? tape.Emit(op, [x, .. others])
                    : tape.Emit(op, [x.Transpose(0, 2, 1), .. others]).Transpose(0, 2, 1);
            })
        );
        Assert.Contains(op, compiler.Report.NoGradient, StringComparison.Ordinal);
        Assert.Contains($"has no gradient rule for input {input}", compiler.Report.NoGradient, StringComparison.Ordinal);
        var refusal = Assert.Throws<UnsupportedGradientException>(() =>
            compiler.GradientGraph(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax))
        );
        Assert.Equal(compiler.Report.NoGradient, refusal.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneHot_is_an_obstacle_where_its_values_move_and_none_where_its_indices_do(bool values)
    {
        var compiler = new FormCompiler(
            Model(x =>
            {
                var tape = x.Tape;
                var number = x.ReduceSum([0, 1, 2], keepdims: false);
                var hot = values
                    ? tape.Emit("OneHot", tape.List([1]), tape.Scalar(4, ElementType.Int64), number.Expand(tape.List([2])))
                    : tape.Emit("OneHot", number.Reshape(1), tape.Scalar(4, ElementType.Int64), tape.Constant<float>([0, 1], 2));
                return x * hot;
            })
        );
        Assert.Equal(values, compiler.Report.NoGradient?.Contains("OneHot", StringComparison.Ordinal) ?? false);
    }

    /// <summary>Rules that allow some uses of their operator refuse the others before anybody asks, by what attributes say.</summary>
    [Theory]
    [InlineData("Conv", "automatic padding")]
    [InlineData("AveragePool", "rounding up")]
    [InlineData("MaxPool", "column-major")]
    [InlineData("Resize", "keeps the aspect ratio")]
    [InlineData("Pad", "'reflect'")]
    public void A_use_that_a_rule_refuses_is_named(string op, string why)
    {
        var compiler = new FormCompiler(
            Model(x =>
            {
                var (tape, picture) = (x.Tape, x.Unsqueeze(1));
                var changed = op switch
                {
                    "Conv" => tape.Emit(
                        op,
                        [picture, tape.Constant<float>(new float[9], 1, 1, 3, 3)],
                        ("auto_pad", "SAME_UPPER"),
                        ("kernel_shape", new long[] { 3, 3 })
                    ),
                    "AveragePool" => tape.Emit(op, [picture], ("kernel_shape", new long[] { 1, 3 }), ("ceil_mode", 1L)),
                    "MaxPool" => tape.Emit(op, [picture], ("kernel_shape", new long[] { 1, 3 }), ("storage_order", 1L)),
                    "Resize" => tape.Emit(
                        op,
                        [picture, null, null, tape.Concat(0, picture.Shape().Slice(0, 0, 3), tape.List([6]))],
                        ("keep_aspect_ratio_policy", "not_larger")
                    ),
                    _ => tape.Emit(op, [picture, tape.List([0, 0, 0, 1, 0, 0, 0, 1])], ("mode", "reflect")),
                };
                return changed.Squeeze(1);
            })
        );
        Assert.Contains(op, compiler.Report.NoGradient, StringComparison.Ordinal);
        Assert.Contains(why, compiler.Report.NoGradient, StringComparison.Ordinal);
        var refusal = Assert.Throws<UnsupportedGradientException>(() =>
            compiler.GradientGraph(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax))
        );
        Assert.Equal(compiler.Report.NoGradient, refusal.Message);
    }

    /// <summary>Rounded numbers still stand for what was rounded: no gradient is unknown, not zero.</summary>
    [Fact]
    public void Quantised_values_on_an_unknown_way_are_an_obstacle()
    {
        var compiler = new FormCompiler(
            Model(x =>
            {
                var (scale, zero) = (x.Tape.Scalar(0.1, ElementType.Float), x.Tape.Constant<byte>([128]));
                var rounded = x.Tape.Emit("QuantizeLinear", x, scale, zero);
                return x.Tape.Emit("DequantizeLinear", x.Tape.Concat(1, rounded, rounded), scale, zero);
            })
        );
        Assert.Contains("DequantizeLinear", compiler.Report.NoGradient, StringComparison.Ordinal);
        Assert.Throws<UnsupportedGradientException>(() =>
            compiler.GradientGraph(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax))
        );
    }

    private static Value Table(Tape tape, float value) => tape.Constant<float>([.. Enumerable.Repeat(value, 240)], 60, 4);

    private static ModelGraph Branch(string op, Value x) => BranchTests.Branch(op, new Node(op, [x.Name], [op]));

    private static Value Strange(Value x, string domain, string op)
    {
        x.Tape.Graph.Opsets[domain] = 1;
        var result = x.Tape.Emit(op, [x], 1, domain)[0];
        x.Tape.Graph.Nodes[^1].Name = "layer.0/strange";
        x.Tape.Shapes.Set(result.Name, x.Info);
        return result;
    }

    private static ModelGraph Model(Func<Value, Value> layer)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var ids = tape.Input("input_ids", ElementType.Int64, Dim.Of("batch"), Dim.Of("sequence"));
        var x = Table(tape, 0).Gather(ids);
        tape.Output(layer(x).ReduceMean([1], keepdims: false), "logits");
        foreach (var node in graph.Nodes.SelectMany(node => node.Outputs))
        {
            graph.Declared[node] = new ValueInfo(node, tape[node].Type, tape[node].Info.Dims);
        }

        return graph;
    }
}
