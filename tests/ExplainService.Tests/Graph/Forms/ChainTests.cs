using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Forms;
using Xunit;

namespace ExplainService.Tests.Graph.Forms;

/// <summary>The work on a graph grows as its operators do.</summary>
public sealed class ChainTests
{
    public static TheoryData<string> Kinds => ["Relu", "AddWeight", "Reshape", "Constant", "SkipLayerNormalization", "Embeddings"];

    /// <summary>Twice the chain, twice the work; what does not depend on its length may make that less.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forms_of_a_chain_twice_as_long_take_about_twice_the_work(string kind)
    {
        _ = Work(kind, 8);
        var (once, twice) = (Work(kind, 300), Work(kind, 600));
        Assert.InRange(twice, once, 2.3 * once);
    }

    /// <summary>Each of these doubles an axis of an open size: written out, the size of the last would fill the memory of the machine.</summary>
    [Fact]
    public void Sizes_that_double_with_every_operator_are_forgotten()
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var x = tape.Input("x", ElementType.Float, Dim.Of("batch"), Dim.Of("sequence"));
        for (var i = 0; i < 60; i++)
        {
            x = tape.Concat(1, x, x);
            Assert.InRange(x.Info.Dims![1].Symbol?.Length ?? 0, 0, 200);
        }
    }

    private static long Work(string kind, int length)
    {
        var graph = Chain(kind, length);
        return Allocations.Of(() =>
        {
            var compiler = new FormCompiler(graph);
            _ = compiler.ForwardGraph();
            if (compiler.Report.NoGradient is null)
            {
                _ = compiler.GradientGraph(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax));
            }
        });
    }

    private static ModelGraph Chain(string kind, int length)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var ids = tape.Input("input_ids", ElementType.Int64, Dim.Of("batch"), Dim.Of("sequence"));
        var table = tape.Constant<float>(new float[40], 10, 4);
        var x = table.Gather(ids);
        for (var i = 0; i < length; i++)
        {
            x = kind switch
            {
                "AddWeight" => x + tape.Constant(Weight.Of<float>(graph.Unique("w"), [4], [1, 2, 3, i])),
                "Reshape" => x.ReshapeLike(x),
                "Constant" => x + tape.Emit("Constant", [], ("value", Weight.Of<float>(graph.Unique("value"), [4], [1, 2, 3, i]))),
                "SkipLayerNormalization" => tape.Emit(
                    "SkipLayerNormalization",
                    [x, x, tape.Constant<float>([1, 1, 1, 1], 4)],
                    1,
                    "com.microsoft"
                )[0],
                "Embeddings" => x + table.Gather(ids),
                _ => tape.Emit(kind, x),
            };
        }

        tape.Output(x.ReduceMean([1], keepdims: false), "logits");
        return graph;
    }
}
