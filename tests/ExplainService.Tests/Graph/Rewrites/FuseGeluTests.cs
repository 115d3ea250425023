using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Rewrites;

/// <summary>Every way in which exporters write out GELU becomes the one operator, with the same values; what is no GELU stays.</summary>
public class FuseGeluTests
{
    public static TheoryData<string> Writings() =>
        ["x*(1+erf)*half", "x*half*(1+erf)", "(1+erf)*half*x", "x*((1+erf)*half)", "erf of x*0.7"];

    [Theory]
    [MemberData(nameof(Writings))]
    public void A_GELU_is_found_however_it_is_written(string writing)
    {
        var graph = Build(writing);
        var expected = OnnxRun.Run(GraphSerializer.Serialize(graph), 2, 5)["y"].Values;
        FuseGelu.Apply(graph);
        Assert.Contains(graph.Nodes, node => node.Is("Gelu", "com.microsoft"));
        Assert.DoesNotContain(graph.Nodes, node => node.Is("Erf"));
        var actual = OnnxRun.Run(GraphSerializer.Serialize(graph), 2, 5)["y"].Values;
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Theory]
    [InlineData("half missing")]
    [InlineData("another x")]
    public void Leaves_other_products_alone(string writing)
    {
        var graph = Build(writing);
        FuseGelu.Apply(graph);
        Assert.Contains(graph.Nodes, node => node.Is("Erf"));
    }

    private static ModelGraph Build(string writing)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var x = tape.Input("x", ElementType.Float, Dim.Of("batch"), Dim.Of("sequence")) * 3;
        var half = tape.Scalar(0.5, ElementType.Float);
        var scaled = writing == "erf of x*0.7" ? x * Math.Sqrt(0.5) : x / Math.Sqrt(2);
        var raised = scaled.Erf() + 1;
        var y = writing switch
        {
            "x*half*(1+erf)" => x * half * raised,
            "(1+erf)*half*x" => raised * half * x,
            "x*((1+erf)*half)" => x * (raised * half),
            "half missing" => x * raised,
            "another x" => (x + 1) * raised * half,
            _ => x * raised * half,
        };
        tape.Output(y, "y");
        return graph;
    }
}
