using ExplainService.Goldens;
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

    private static void Same(string path)
    {
        var model = OnnxFile.Load(path);
        var expected = OnnxRun.Run(GraphSerializer.Serialize(model), 3, 7)["logits"].Values;
        var actual = OnnxRun.Run(GraphSerializer.Serialize(new FormCompiler(model).ForwardGraph()), 3, 7)[FormNames.Logits].Values;
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }
}
