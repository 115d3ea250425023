using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Shapes;
using Xunit;

namespace ExplainService.Tests.Graph.Forms;

/// <summary>The forward form computes what the model computes, and only what its output reads.</summary>
public class ForwardFormTests
{
    public static TheoryData<string> Classifiers() =>
        ["bert-cls", "bert-cls.dynamo", "distilbert-cls", "roberta-cls", "albert-cls", "modernbert-cls", "gpt2-cls"];

    [Theory]
    [MemberData(nameof(Classifiers))]
    public void Logits_are_the_models(string folder) => Same(ReferenceData.PathOf("zoo", folder, "model.onnx"));

    [Fact]
    [Slow]
    public void The_bundled_models_last_layer_sees_one_row()
    {
        var path = Path.Combine(ReferenceData.BundledModels, "minilm-sst2", "model.onnx");
        Same(path);
        var graph = new FormCompiler(OnnxFile.Load(path)).ForwardGraph();
        var shapes = InferredShapes.Of(graph);
        var products = graph.Nodes.Where(node => node.Op == "MatMul" && graph.Weights.ContainsKey(node.Inputs[1])).ToArray();
        var narrow = products.Count(node => shapes[node.Inputs[0]].Dims is [_, var rows, _] && rows.Value == 1);
        Assert.Equal(4, narrow);
    }

    [Theory]
    [InlineData("HardSwish")]
    [InlineData("Mish")]
    [InlineData("Selu")]
    [InlineData("Softsign")]
    [InlineData("Sin")]
    public void A_feed_forward_block_is_computed_for_the_row_that_is_read_whatever_its_activation(string activation)
    {
        var whole = new FormCompiler(Classifier(activation)) { ComputeOnlyWhatIsRead = false }.ForwardGraph();
        var graph = new FormCompiler(Classifier(activation)).ForwardGraph();

        var shapes = InferredShapes.Of(graph);
        Assert.All(
            graph.Nodes.Where(node => node.Op == "MatMul" || node.Op == activation),
            node => Assert.True(shapes[node.Output].Dims is [_, { Value: 1 }, _] or [_, _], node.ToString())
        );
        var expected = OnnxRun.Run(GraphSerializer.Serialize(whole), 3, 7)[FormNames.Logits];
        var actual = OnnxRun.Run(GraphSerializer.Serialize(graph), 3, 7)[FormNames.Logits];
        Assert.Equal(expected.Dims, actual.Dims);
        Assert.All(expected.Values.Zip(actual.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    /// <summary>Word embeddings, a feed-forward block with a residual connection, and a head that reads the first position.</summary>
    private static ModelGraph Classifier(string activation)
    {
        var graph = new ModelGraph { Opsets = { [""] = 18 } };
        var tape = new Tape(graph);
        var ids = tape.Input("input_ids", ElementType.Int64, Dim.Of("batch"), Dim.Of("sequence"));
        var words = Table("words", 50, 4).Gather(ids);
        var block = words + tape.Emit(activation, words.MatMul(Table("up", 4, 8))).MatMul(Table("down", 8, 4));
        var first = block.Gather(tape.Constant(Weight.Of<long>("first", [], [0])), 1);
        tape.Output(first.MatMul(Table("classes", 4, 2)), "logits");
        return graph;

        Value Table(string name, int rows, int columns) =>
            tape.Constant(Weight.Adopt(name, [rows, columns], Enumerable.Range(0, rows * columns).Select(i => MathF.Sin(i + 1)).ToArray()));
    }

    private static void Same(string path)
    {
        var model = OnnxFile.Load(path);
        var expected = OnnxRun.Run(GraphSerializer.Serialize(model), 3, 7)["logits"].Values;
        var actual = OnnxRun.Run(GraphSerializer.Serialize(new FormCompiler(model).ForwardGraph()), 3, 7)[FormNames.Logits].Values;
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }
}
