using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Gradients;
using ExplainService.Tests.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>What has no gradient rule is named before anybody asks for a gradient, and only if it is in the way.</summary>
public sealed class ObstacleTests
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
                x.Tape.Shapes.Set("chosen", x.Fact);
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

    private static Value Table(Tape tape, float value) => tape.Constant<float>([.. Enumerable.Repeat(value, 240)], 60, 4);

    private static ModelGraph Branch(string op, Value x) => BranchTests.Branch(op, new Node(op, [x.Name], [op]));

    private static Value Strange(Value x, string domain, string op)
    {
        x.Tape.Graph.Opsets[domain] = 1;
        var result = x.Tape.Emit(op, [x], 1, domain)[0];
        x.Tape.Graph.Nodes[^1].Name = "layer.0/strange";
        x.Tape.Shapes.Set(result.Name, x.Fact);
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
            graph.Declared[node] = new ValueInfo(node, tape[node].Type, tape[node].Fact.Dims);
        }

        return graph;
    }
}
