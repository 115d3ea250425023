using System.Numerics.Tensors;
using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using ExplainService.Graph.Rewrites.Decompose;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ExplainService.Tests.Graph.Forms;

/// <summary>
/// Models in float16, int8 and 4 bit: their plain graph computes nearly what they compute, and is differentiated exactly. Against the
/// float32 model only loosely: a quantised model is another function.
/// </summary>
public class ConvertedModelTests
{
    /// <summary>Folder, what it says of itself, and how far its logits, attention and gradient may be from the base's.</summary>
    public static TheoryData<string, string?, string?, float, float> Models() =>
        new()
        {
            { "bert-cls.fp16", null, "float16", 0.01f, 0.9999f },
            { "distilbert-cls.fp16", null, "float16", 0.01f, 0.9999f },
            { "bert-cls.int8", "int8, dynamic", null, 0.1f, 0.95f },
            { "distilbert-cls.int8", "int8, dynamic", null, 0.1f, 0.85f },
            { "bert-cls.q4", "4-bit weights", null, 0.5f, 0.5f },
        };

    [Theory]
    [MemberData(nameof(Models))]
    public void The_report_of_a_converted_model_says_how_it_was_converted(
        string folder,
        string? quantised,
        string? widened,
        float far,
        float alike
    )
    {
        var report = ZooGradientTests.Compiler(folder).Report;
        Assert.Equal((quantised, widened), (report.Quantised, report.Widened));
        Assert.Equal(3, report.Attention.Count);
        Assert.True(far < 1 && alike > 0);
    }

    [Theory]
    [Slow]
    [MemberData(nameof(Models))]
    public void Gradient_is_that_of_its_own_score(string folder, string? quantised, string? widened, float far, float alike)
    {
        var compiler = ZooGradientTests.Compiler(folder);
        Assert.NotNull(quantised ?? widened);
        foreach (var item in Cases(folder))
        {
            var target = ZooGradientTests.GoldenTarget.Of(item);
            using var session = OnnxRun.Open(
                GraphSerializer.Serialize(compiler.GradientGraph(new GradientFormOptions(target.Objective, FormLink.Softmax)))
            );
            var embeddings = ZooGradientTests.Embed(compiler.Report, item.GetProperty("inputs").GetProperty("input_ids"));
            var (scores, gradient) = Run(session, compiler.Report, item, target, embeddings);
            var random = new Random(3);
            for (var trial = 0; trial < 3; trial++)
            {
                var direction = Array.ConvertAll(gradient, _ => (float)((random.NextDouble() * 2) - 1) / 100);
                var up = Sum(Run(session, compiler.Report, item, target, Moved(embeddings, direction, 1)).Score);
                var down = Sum(Run(session, compiler.Report, item, target, Moved(embeddings, direction, -1)).Score);
                var slope = TensorPrimitives.Dot<float>(gradient, direction);
                Assert.Equal(
                    (up - down) / 2,
                    slope,
                    0.02 * TensorPrimitives.Norm<float>(gradient) * TensorPrimitives.Norm<float>(direction)
                );
            }

            var golden = ZooGradientTests.Floats(item.GetProperty("gradient")[0]);
            Assert.True(
                TensorPrimitives.CosineSimilarity<float>(golden, gradient) >= alike,
                $"{TensorPrimitives.CosineSimilarity<float>(golden, gradient)}"
            );
            var expected = ZooGradientTests.Floats(item.GetProperty("score"));
            Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, far));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Attention_is_near_the_bases(string folder, string? quantised, string? widened, float far, float alike)
    {
        var compiler = ZooGradientTests.Compiler(folder);
        Assert.True((quantised ?? widened) is not null && alike > 0);
        using var session = OnnxRun.Open(GraphSerializer.Serialize(compiler.TapGraph(new AttentionValues(AttentionRole.Self))));
        var item = Cases(folder).First();
        using var options = new RunOptions();
        var feeds = ZooGradientTests.Feeds(session, compiler.Report, item, null);
        using var results = session.Run(options, feeds.Keys, feeds.Values, [.. session.OutputMetadata.Keys]);
        var expected = item.GetProperty("attentions");
        for (var layer = 0; layer < results.Count; layer++)
        {
            var maps = results[layer].GetTensorDataAsSpan<float>().ToArray();
            Assert.All(ZooGradientTests.Floats(expected[layer]).Zip(maps), pair => Assert.Equal(pair.First, pair.Second, far));
        }
    }

    /// <summary>The forward form keeps the model's own arithmetic; the plain graph's differs from it by rounding only.</summary>
    [Theory]
    [InlineData("bert-cls.fp16", 0.01)]
    [InlineData("distilbert-cls.fp16", 0.01)]
    [InlineData("bert-cls.int8", 0.1)]
    [InlineData("distilbert-cls.int8", 0.1)]
    [InlineData("bert-cls.q4", 1e-4)]
    public void The_plain_graph_computes_what_the_model_does(string folder, double far)
    {
        var graph = OnnxFile.Load(ReferenceData.PathOf("zoo", folder, "model.onnx"));
        var own = OnnxRun.Run(GraphSerializer.Serialize(graph), 2, 6)["logits"].Values;
        GraphCanonicalization.Apply(graph);
        var decomposed = DecomposedGraph.Of(graph)!.Graph;
        decomposed.Sort();
        var plain = OnnxRun.Run(GraphSerializer.Serialize(decomposed), 2, 6)["logits"].Values;
        Assert.All(own.Zip(plain), pair => Assert.Equal(pair.First, pair.Second, far));
    }

    /// <summary>A dequantised table is made when it is read, once for every form.</summary>
    [Fact]
    public void Weights_are_dequantised_when_they_are_read()
    {
        var made = 0;
        var weight = Weight.Deferred("table", [2, 2], () => [++made, 2, 3, 4]);
        var other = weight.With("another name");
        Assert.Equal(0, made);
        Assert.Equal([1f, 2, 3, 4], weight.ToFloats());
        Assert.Equal(weight.Address, other.Address);
        Assert.Equal(1, made);
    }

    private static IEnumerable<JsonElement> Cases(string folder)
    {
        using var document = ReferenceData.Json("zoo", folder.Split('.')[0], "golden.json");
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(item => item.Clone())];
    }

    private static (float[] Score, float[] Gradient) Run(
        InferenceSession session,
        GraphReport report,
        JsonElement item,
        ZooGradientTests.GoldenTarget target,
        float[] embeddings
    )
    {
        var feeds = ZooGradientTests.Feeds(session, report, item, target);
        var shape = feeds[FormNames.Embeddings].GetTensorTypeAndShape().Shape;
        feeds[FormNames.Embeddings] = OrtValue.CreateTensorValueFromMemory(embeddings, shape);
        using var options = new RunOptions();
        using var results = session.Run(options, feeds.Keys, feeds.Values, [FormNames.Score, FormNames.Gradient]);
        return (results[0].GetTensorDataAsSpan<float>().ToArray(), results[1].GetTensorDataAsSpan<float>().ToArray());
    }

    private static float[] Moved(float[] from, float[] direction, float times) => [.. from.Zip(direction, (a, b) => a + (times * b))];

    private static double Sum(float[] values) => values.Sum(value => (double)value);
}
