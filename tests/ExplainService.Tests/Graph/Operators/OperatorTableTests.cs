using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Operators;
using ExplainService.Graph.Rewrites;
using ExplainService.Graph.Shapes;
using Xunit;

namespace ExplainService.Tests.Graph.Operators;

/// <summary>What the table says of operators holds wherever it is asked, and their rules agree with it.</summary>
public class OperatorTableTests
{
    private const OperatorTrait Narrowing = OperatorTrait.Unary | OperatorTrait.Elementwise;

    /// <summary>Every operator of which each entry can be computed alone, and that can be run on floats.</summary>
    public static TheoryData<string> FloatOperators() =>
        [
            .. OperatorTable
                .Rows.Where(row => row.Domain.Length == 0 && (row.Traits & Narrowing) != 0 && GradientTable.Rules.ContainsKey(("", row.Op)))
                .Select(row => row.Op)
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void Every_operator_with_a_rule_has_a_row()
    {
        var known = OperatorTable.Rows.Select(row => (row.Domain, row.Op)).ToHashSet();
        Assert.Empty(GradientTable.Rules.Keys.Except(known));
        Assert.Empty(ShapeTable.Rules.Keys.Where(key => key.Domain.Length == 0).Except(known));
    }

    [Fact]
    public void An_operator_has_a_gradient_rule_or_no_gradient_never_both() =>
        Assert.All(
            OperatorTable.Rows,
            row =>
                Assert.False(row.Traits.HasFlag(OperatorTrait.NoGradient) && GradientTable.Rules.ContainsKey((row.Domain, row.Op)), row.Op)
        );

    [Fact]
    public void Operators_whose_entries_are_computed_alone_have_a_gradient_rule_or_no_gradient() =>
        Assert.All(
            OperatorTable.Rows.Where(row => (row.Traits & Narrowing) != 0 && row.Op != "QuickGelu"),
            row =>
                Assert.True(row.Traits.HasFlag(OperatorTrait.NoGradient) || GradientTable.Rules.ContainsKey((row.Domain, row.Op)), row.Op)
        );

    [Fact]
    public void A_gradient_of_the_first_input_alone_is_told_of_operators_with_a_gradient_rule() =>
        Assert.All(
            OperatorTable.Rows.Where(row => row.Traits.HasFlag(OperatorTrait.FirstInputGradient)),
            row => Assert.Contains((row.Domain, row.Op), GradientTable.Rules)
        );

    [Fact]
    public void Operators_whose_entries_are_computed_alone_keep_the_shape_and_are_narrowed() =>
        Assert.All(
            OperatorTable.Rows.Where(row => (row.Traits & Narrowing) != 0),
            row =>
            {
                var graph = new ModelGraph { Opsets = { [""] = 24, [OperatorTable.Contrib] = 1 } };
                var tape = new Tape(graph);
                var type =
                    row.Op is "And" or "Or" or "Xor" or "Not" ? ElementType.Bool
                    : row.Op.StartsWith("Bit", StringComparison.Ordinal) ? ElementType.Int64
                    : ElementType.Float;
                var x = tape.Input("x", type, Dim.Of("batch"), Dim.Of("sequence"), 4);
                var node = new Node(row.Op, Enumerable.Repeat(x.Name, Math.Max(row.Inputs, 1)), ["y"], row.Domain);
                graph.Add(node);
                tape.Shapes.Infer(node);

                Assert.Equal(x.Info.Dims, tape.Shapes["y"].Dims);
                var plan = NarrowRule.Of(node, 1, tape.Shapes);
                Assert.Equal(1, plan?.Axes[0]);
            }
        );

    [Theory]
    [MemberData(nameof(FloatOperators))]
    public void A_head_that_reads_the_first_position_computes_it_alone_with_the_same_numbers(string op)
    {
        var (graph, result) = Head(op);
        var expected = OnnxRun.Run(GraphSerializer.Serialize(graph), 2, 5)["logits"];

        PushSlicesUp.Apply(graph);

        Assert.Equal(1, InferredShapes.Of(graph)[result].Dims?[1].Value);
        var actual = OnnxRun.Run(GraphSerializer.Serialize(graph), 2, 5)["logits"];
        Assert.Equal(expected.Dims, actual.Dims);
        Assert.All(expected.Values.Zip(actual.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    /// <summary>[batch, sequence, 4] → a dense layer → the operator → its first position → two classes.</summary>
    private static (ModelGraph Graph, string Result) Head(string op)
    {
        var graph = new ModelGraph { Opsets = { [""] = op == "Swish" ? 24 : 20 }, IrVersion = 10 };
        var tape = new Tape(graph);
        var hidden = tape.Input("hidden", ElementType.Float, Dim.Of("batch"), Dim.Of("sequence"), 4);
        var dense = Dense(hidden, "dense", 4);
        // Positive and away from kinks and poles: some operators are defined there only.
        var inside = dense * dense + 0.5;
        var condition = tape.Emit("Greater", [dense, tape.Scalar(0, ElementType.Float)]);
        (string, object)[] attributes = op switch
        {
            "Cast" => [("to", (long)ElementType.Float)],
            "Mod" => [("fmod", 1L)],
            _ => [],
        };
        Value[] inputs = op switch
        {
            "Where" => [condition, inside, dense],
            "CastLike" => [inside, tape.Scalar(0, ElementType.Float)],
            _ => [.. Enumerable.Repeat(inside, OperatorTable.Of(new Node(op, [], [])).Inputs)],
        };
        var result = tape.Emit(op, inputs, attributes);
        tape.Output(Dense(result.Gather(tape.Constant(Weight.Of<long>("first", [], [0])), 1), "classes", 2), "logits");
        return (graph, result.Name);

        Value Dense(Value value, string name, int columns) =>
            tape.Emit(
                "MatMul",
                [
                    value,
                    tape.Constant(
                        Weight.Adopt(name, [4, columns], Enumerable.Range(0, 4 * columns).Select(i => MathF.Sin(i + 1)).ToArray())
                    ),
                ]
            );
    }
}
