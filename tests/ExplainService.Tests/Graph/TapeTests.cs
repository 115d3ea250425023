using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using Xunit;

namespace ExplainService.Tests.Graph;

/// <summary>Expressions over values become nodes that ONNX Runtime runs at old and new opsets.</summary>
public sealed class TapeTests
{
    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(21)]
    public void A_layer_norm_written_with_operators_runs_and_its_shape_is_known(long opset)
    {
        var graph = new ModelGraph { Opsets = { [""] = opset } };
        var tape = new Tape(graph);
        var x = tape.Input("x", ElementType.Float, Dim.Of("batch"), 4);
        var centred = x - x.ReduceMean([-1]);
        var normed = centred / ((centred * centred).ReduceMean([-1]) + 1e-5).Sqrt();
        var total = tape.Output(normed.Unsqueeze(1).Squeeze(1).ReduceSum([-1], keepdims: false), "total");
        tape.Output(2 * (1 - normed), "shifted");
        Assert.Equal([Dim.Of("batch")], total.Fact.Dims!);
        var outputs = OnnxRun.Run(GraphSerializer.Serialize(graph));
        Assert.All(outputs["total"].Values, value => Assert.Equal(0, value, 5));
        Assert.Equal([2L, 4L], outputs["shifted"].Dims);
        Assert.Equal(8, outputs["shifted"].Values.Take(4).Sum(), 4);
    }

    [Fact]
    public void Equal_constants_are_one_weight()
    {
        var tape = new Tape(new ModelGraph { Opsets = { [""] = 17 } });
        Assert.Equal(tape.Scalar(2).Name, tape.Scalar(2).Name);
        Assert.NotEqual(tape.Scalar(2).Name, tape.Scalar(2, ElementType.Int64).Name);
    }

    [Fact]
    public void A_part_between_two_values_runs_alone()
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var doubled = tape.Input("x", ElementType.Float, 1) * 2;
        var result = tape.Output(doubled + 1, "y");
        var part = graph.Extract(
            [new ValueInfo(doubled.Name, ElementType.Float, [1])],
            [new ValueInfo(result.Name, ElementType.Float, [1])]
        );
        Assert.Equal([doubled.Name], part.Inputs.Select(input => input.Name));
        Assert.Single(part.Nodes, node => node.Op != "Identity");
        Assert.Equal(1f, OnnxRun.Run(GraphSerializer.Serialize(part)).Single().Value.Values[0]);
    }
}
