using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Rewrites;

/// <summary>A normalisation without beta runs, and adds nothing: the mean of a row that is scaled by one is zero.</summary>
public class AddSkipNormBetaTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_skip_normalisation_without_beta_runs_and_adds_nothing(bool hasBias)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17, ["com.microsoft"] = 1 } };
        var tape = new Tape(graph);
        var x = tape.Input("x", ElementType.Float, Dim.Of("batch"), Dim.Of("sequence"), 8);
        var gamma = tape.Constant<float>([1, 1, 1, 1, 1, 1, 1, 1], 8);
        Value?[] inputs = hasBias ? [x, x * 2, gamma, null, tape.Constant<float>([1, 2, 3, 4, 5, 6, 7, 8], 8)] : [x, x * 2, gamma];
        tape.Output(tape.Emit("SkipLayerNormalization", inputs, 1, "com.microsoft", ("epsilon", 1e-5f))[0], "y");
        GraphCanonicalization.Apply(graph);

        var y = OnnxRun.Run(GraphSerializer.Serialize(graph))["y"].Values;
        Assert.All(y.Chunk(8), row => Assert.Equal(0, row.Average(), 1e-5f));
        Assert.All(y.Chunk(8), row => Assert.Equal(1, row.Select(value => value * value).Average(), 1e-2f));
    }
}
