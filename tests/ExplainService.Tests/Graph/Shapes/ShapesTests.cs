using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using ExplainService.Graph.Shapes;
using Xunit;

namespace ExplainService.Tests.Graph.Shapes;

/// <summary>What the static pass says holds in real runs, and it says the rank of nearly everything.</summary>
public sealed class ShapesTests
{
    public static IEnumerable<TheoryDataRow<string>> Models => RoundTripTests.Models;

    [Theory]
    [Slow]
    [MemberData(nameof(Models))]
    public void Facts_agree_with_what_a_run_computes(string model)
    {
        var graph = OnnxRun.Load(model);
        FoldConstants.Apply(graph);
        var shapes = InferredShapes.Of(graph);
        var watched = graph
            .Nodes.SelectMany(node => node.Outputs)
            .Where(name =>
                name.Length > 0 && shapes[name].Type is ElementType.Float or ElementType.Int64 or ElementType.Float16 or ElementType.Bool
            )
            .ToList();
        graph.Outputs.Clear();
        graph.Outputs.AddRange(watched.Select(name => new ValueInfo(name, shapes[name].Type, null)));
        // Two runs: a symbol must stand for one number per run, a number must hold in both.
        foreach (var (batch, length) in new[] { (2, 5), (3, 7) })
        {
            var symbols = new Dictionary<string, long>();
            foreach (var (name, (dims, values)) in OnnxRun.Run(GraphSerializer.Serialize(graph), batch, length))
            {
                if (shapes[name].Dims is not { } known)
                {
                    continue;
                }

                Assert.True(known.Length == dims.Length, $"{name}: rank {dims.Length}, inferred {known.Length}");
                for (var axis = 0; axis < dims.Length; axis++)
                {
                    Check(name, known[axis], dims[axis]);
                }

                if (shapes[name].Content is not { } content)
                {
                    continue;
                }

                Assert.Equal(content.Length, values.Length);
                for (var i = 0; i < content.Length; i++)
                {
                    Check(name + " content", content[i], (long)values[i]);
                }
            }

            void Check(string name, Dim dim, long actual)
            {
                if (dim.Value is { } number)
                {
                    Assert.True(number == actual, $"{name}: {actual}, inferred {number}");
                }
                else if (dim.Symbol is { } symbol && !symbols.TryAdd(symbol, actual))
                {
                    Assert.True(symbols[symbol] == actual, $"{name}: {actual}, but {symbol} is {symbols[symbol]}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_rank_is_known_without_a_run(string model)
    {
        var graph = OnnxRun.Load(model);
        FoldConstants.Apply(graph);
        graph.Declared.Clear();
        var shapes = InferredShapes.Of(graph);
        var open = graph
            .Nodes.Where(node => node.Outputs.Exists(name => name.Length > 0 && shapes[name].Rank is null))
            .Select(node => node.ToString());
        Assert.Empty(open);
    }

    /// <summary>What is folded is what a run computes, where elements do not meet in the order in which they are listed.</summary>
    [Theory]
    [InlineData("Add", false)]
    [InlineData("Add", true)]
    [InlineData("Where", false)]
    [InlineData("Where", true)]
    public void A_row_and_a_column_meet_in_a_table(string op, bool columnFirst)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var (row, column) = (tape.List([1, 2, 3]).Unsqueeze(0), tape.List([10, 20, 30]).Unsqueeze(1));
        Value[] operands = columnFirst ? [column, row] : [row, column];
        var table = op == "Where" ? tape.Emit(op, [row.EqualTo(tape.Scalar(2, ElementType.Int64)), .. operands]) : tape.Emit(op, operands);
        var product = tape.Emit("ReduceProd", [table], ("keepdims", 0L));
        tape.Output(product + tape.Input("x", ElementType.Int64, 1), "y");
        var expected = OnnxRun.Run(GraphSerializer.Serialize(graph))["y"].Values;

        FoldConstants.Apply(graph);
        Assert.Equal(expected, OnnxRun.Run(GraphSerializer.Serialize(graph))["y"].Values);
    }

    [Fact]
    public void Sizes_multiply_and_divide_as_symbols()
    {
        var (batch, sequence) = (Dim.Of("batch"), Dim.Of("sequence"));
        Assert.Equal(batch * sequence * 4, 2 * (sequence * 2 * batch));
        Assert.Equal(sequence, batch * sequence * 12 / (12 * batch));
        Assert.True((batch / 2).IsUnknown);
        Assert.Equal(batch, (batch + sequence) * batch / (batch + sequence));
    }
}
