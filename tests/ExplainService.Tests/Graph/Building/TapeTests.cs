using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;
using Xunit;

namespace ExplainService.Tests.Graph.Building;

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
        Assert.Equal([Dim.Of("batch")], total.Info.Dims!);
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
}
