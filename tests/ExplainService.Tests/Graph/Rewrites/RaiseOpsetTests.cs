using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Rewrites;

/// <summary>Old operators written in new ones compute the same.</summary>
public sealed class RaiseOpsetTests
{
    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Old_operators_give_the_same_results_in_opset_17(long opset)
    {
        var graph = Old(opset);
        var expected = OnnxRun.Run(GraphSerializer.Serialize(graph));
        RaiseOpset.Apply(graph);
        Assert.Equal(17, graph.Opset);
        RoundTripTests.Same(expected, OnnxRun.Run(GraphSerializer.Serialize(graph)), 1e-6f);
    }

    [Fact]
    public void Softmax_over_several_axes_is_seen_as_one_over_the_last()
    {
        var graph = Old(11);
        RaiseOpset.Apply(graph);
        Assert.All(graph.Nodes.Where(node => node.Op is "Softmax" or "LogSoftmax"), node => Assert.Equal(-1, node.Int("axis")));
    }

    [Fact]
    public void Older_opsets_than_7_are_refused() =>
        Assert.Contains(
            "opset 6",
            Assert.Throws<GraphFormatException>(() => RaiseOpset.Apply(new ModelGraph { Opsets = { [""] = 6 } })).Message,
            StringComparison.Ordinal
        );

    private static ModelGraph Old(long opset)
    {
        var graph = new ModelGraph
        {
            Opsets = { [""] = opset },
            Inputs = { new ValueInfo("x", ElementType.Float, [Dim.Of("batch"), 4, 6]) },
        };
        Node Then(string op, string from, string to, params (string Name, object Value)[] attributes)
        {
            var node = graph.Add(new Node(op, [from], [to]));
            foreach (var (name, value) in attributes)
            {
                node.Attributes[name] = value;
            }

            return node;
        }

        void Output(string name) => graph.Outputs.Add(new ValueInfo(name, ElementType.Float, null));
        // What is an attribute before an opset is an input from it on.
        void Listed(string op, string from, string to, long since, params (string Name, long[] Values)[] lists)
        {
            var node = Then(op, from, to, opset < since ? [.. lists.Select(list => (list.Name, (object)list.Values))] : []);
            if (opset < since)
            {
                return;
            }

            foreach (var (name, values) in lists)
            {
                node.Inputs.Add(graph.Add(Weight.Of<long>($"{to}_{name}", [values.Length], values)));
            }
        }

        Listed("Slice", "x", "cut", 10, ("starts", [1]), ("ends", [100]), ("axes", [2]));
        Listed("Pad", "cut", "padded", 11, ("pads", [0, 1, 0, 0, 0, 1]));
        var clip = Then("Clip", "padded", "clipped", opset < 11 ? [("min", -0.5f), ("max", 0.7f)] : []);
        if (opset >= 11)
        {
            clip.Inputs.AddRange([graph.Add(Weight.Of<float>("low", [], [-0.5f])), graph.Add(Weight.Of<float>("high", [], [0.7f]))]);
        }

        Then("Softmax", "clipped", "flat_softmax", ("axis", 1L));
        Then("Softmax", "clipped", "last_softmax", ("axis", 2L));
        Then("LogSoftmax", "clipped", "default_softmax");
        Then("Dropout", "clipped", "dropped", opset < 12 ? [("ratio", 0.3f)] : []);
        Listed("Unsqueeze", "dropped", "wide", 13, ("axes", [0]));
        Listed("Squeeze", "wide", "narrow", 13, ("axes", [0]));
        Listed("ReduceSum", "narrow", "sum", 13, ("axes", [1]));
        Listed("Split", "sum", "left", 13, ("split", [2, 4]));
        graph.Nodes[^1].Outputs.Add("right");
        graph.Nodes[^1].Attributes["axis"] = 2L;
        foreach (var name in new[] { "flat_softmax", "last_softmax", "default_softmax", "dropped", "left", "right" })
        {
            Output(name);
        }

        return graph;
    }
}
