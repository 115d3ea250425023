using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Rewrites;

/// <summary>Branches that are decided become part of the graph.</summary>
public sealed class BranchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_merged_decoder_with_its_switch_fixed_has_no_branch(long value)
    {
        var graph = OnnxFile.Load(ReferenceData.PathOf("zoo", "t5-s2s.past", "decoder_model_merged.onnx"));
        var expected = OnnxRun.Run(GraphSerializer.Serialize(graph));
        FixInput.Apply(graph, "use_cache_branch", value);
        Assert.DoesNotContain(graph.Nodes, node => node.Is("If"));
        Assert.DoesNotContain(graph.Inputs, input => input.Name == "use_cache_branch");
        var actual = OnnxRun.Run(GraphSerializer.Serialize(graph));
        if (value == 0)
        {
            RoundTripTests.Same(expected, actual, 1e-5f);
        }
        else
        {
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(3, 6f)]
    [InlineData(4, -2f)]
    public void A_branch_inside_a_branch_is_taken_by_what_shapes_tell(long width, float expected)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var x = tape.Input("x", ElementType.Float, Dim.Of("batch"), width);
        var ones = tape.Constant<float>([2, 2], 2);
        var isThree = x.Size(1).EqualTo(tape.List([3]));
        // Both branches use one name, as exporters do, and read values from outside.
        var inner = Branch("inner", new Node("Add", [ones.Name, "w"], ["inner"]), ("w", 4));
        var outer = Branch("y", new Node("Identity", ["y_if"], ["y"]));
        outer.Nodes.Insert(0, If(isThree.Name, "y_if", inner, Branch("inner", new Node("Neg", [ones.Name], ["inner"]))));
        graph.Add(If(isThree.Name, "result", outer, Branch("y", new Node("Neg", [ones.Name], ["y"]))));
        graph.Outputs.Add(new ValueInfo("result", ElementType.Float, [2]));
        GraphCanonicalization.Apply(graph);
        Assert.DoesNotContain(graph.Nodes, node => node.Is("If"));
        Assert.Equal([expected, expected], OnnxRun.Run(GraphSerializer.Serialize(graph))["result"].Values);
    }

    [Fact]
    public void An_input_of_another_type_cannot_be_fixed()
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        new Tape(graph).Input("x", ElementType.Float, 1);
        Assert.Throws<ArgumentException>(() => FixInput.Apply(graph, "x", 1));
        Assert.Throws<ArgumentException>(() => FixInput.Apply(graph, "y", 1));
    }

    internal static Node If(string condition, string output, ModelGraph yes, ModelGraph no) =>
        new("If", [condition], [output]) { Attributes = { ["then_branch"] = yes, ["else_branch"] = no } };

    internal static ModelGraph Branch(string output, Node node, params (string Name, float Value)[] weights)
    {
        var graph = new ModelGraph
        {
            Name = "branch",
            Nodes = { node },
            Outputs = { new ValueInfo(output, ElementType.Float, null) },
        };
        foreach (var (name, value) in weights)
        {
            graph.Add(Weight.Of<float>(name, [1], [value]));
        }

        return graph;
    }
}
