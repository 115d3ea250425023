using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph;

/// <summary>Reading, writing and folding change no output of any model of the zoo.</summary>
[Slow]
public sealed class RoundTripTests
{
    public static IEnumerable<TheoryDataRow<string>> Models => OnnxRun.Models.Select(model => new TheoryDataRow<string>(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_that_is_read_and_written_gives_the_same_outputs(string model)
    {
        var expected = OnnxRun.Run(File.ReadAllBytes(Path.Combine(ReferenceData.Root, model)));
        Same(expected, OnnxRun.Run(GraphSerializer.Serialize(OnnxRun.Load(model))), 1e-5f);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Folding_constants_changes_no_output(string model)
    {
        var graph = OnnxRun.Load(model);
        var expected = OnnxRun.Run(GraphSerializer.Serialize(graph));
        FoldConstants.Apply(graph);
        Assert.DoesNotContain(graph.Nodes, node => node.Is("Constant") || (node.Is("Cast") && graph.Weights.ContainsKey(node.Inputs[0])));
        Same(expected, OnnxRun.Run(GraphSerializer.Serialize(graph)), 1e-4f);
    }

    [Fact]
    public void Float16_weights_that_a_model_widens_become_float32_weights()
    {
        var graph = OnnxRun.Load("deploy/models/minilm-sst2/model.onnx");
        Assert.Contains(graph.Weights.Values, weight => weight.Type == ElementType.Float16);
        FoldConstants.Apply(graph);
        Assert.DoesNotContain(graph.Weights.Values, weight => weight.Type == ElementType.Float16);
    }

    [Fact]
    public void A_clone_is_independent_but_shares_weights()
    {
        var graph = OnnxRun.Load("deploy/models/gpt-reviews/model.onnx");
        var clone = graph.Clone();
        clone.Nodes[0].Outputs[0] = "changed";
        Assert.NotEqual("changed", graph.Nodes[0].Outputs[0]);
        Assert.All(graph.Weights, pair => Assert.Same(pair.Value, clone.Weights[pair.Key]));
    }

    internal static void Same(
        Dictionary<string, (long[] Dims, float[] Values)> expected,
        Dictionary<string, (long[] Dims, float[] Values)> actual,
        float tolerance
    )
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, (dims, values)) in expected)
        {
            Assert.Equal(dims, actual[name].Dims);
            var largest = values.Length == 0 ? 0 : values.Max(MathF.Abs);
            for (var i = 0; i < values.Length; i++)
            {
                var (x, y) = (values[i], actual[name].Values[i]);
                Assert.True(x.Equals(y) || MathF.Abs(x - y) <= tolerance * (1 + largest), $"{name}[{i}]: {x} became {y}");
            }
        }
    }
}
