using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using ExplainService.Graph.Shapes;
using ExplainService.Tests.Graph.Gradients;
using Xunit;

namespace ExplainService.Tests.Graph.Forms;

/// <summary>Of the last layer only the positions that are read are computed, with the same result.</summary>
public sealed class ReadRowsTests
{
    // GPT-2's exports flatten texts before every projection; there only the vocabulary's is computed for the positions read alone.
    public static TheoryData<string, int> Models() =>
        new()
        {
            { "bert-ner", 4 },
            { "bert-mlm", 4 },
            { "llama-lm", 4 },
            { "llama-lm.dynamo", 4 },
            { "llama-lm.past", 4 },
            { "qwen3-lm", 4 },
            { "gpt2-lm", 1 },
            { "gpt2-lm.dynamo", 0 },
            { "gpt2-lm.past", 1 },
        };

    [Theory]
    [MemberData(nameof(Models))]
    public void Logits_of_the_positions_read_are_the_models(string folder, int products)
    {
        var model = OnnxFile.Load(ReferenceData.PathOf("zoo", folder, "model.onnx"));
        RemoveKvCache.Apply(model);
        var compiler = new FormCompiler(model);
        var all = Run(Whole(model), null);
        var columns = all.Dims[2];
        // Positions in any order, more than once, and different for every row.
        long[][] reads =
        [
            [6, 0, 3, 3],
            [1, 2, 6, 5],
            [4, 4, 4, 0],
        ];
        var graph = compiler.ForwardGraph();
        var some = Run(graph, reads);
        for (var row = 0; row < 3; row++)
        {
            for (var line = 0; line < 4; line++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var expected = (float)all.Values.GetValue((((row * 7) + reads[row][line]) * columns) + column)!;
                    Assert.Equal(expected, (float)some.Values.GetValue((((row * 4) + line) * columns) + column)!, 1e-4f);
                }
            }
        }

        var shapes = InferredShapes.Of(graph);
        var narrow = graph.Nodes.Count(node =>
            node.Op == "MatMul" && graph.Weights.ContainsKey(node.Inputs[1]) && shapes[node.Inputs[0]].Dims is [_, { Symbol: "reads" }, _]
        );
        Assert.True(narrow >= products, $"only {narrow} products are computed for the positions read alone");
    }

    [Fact]
    public void A_head_that_takes_the_last_token_from_one_list_of_all_is_seen()
    {
        var compiler = new FormCompiler(OnnxFile.Load(ReferenceData.PathOf("zoo", "gpt2-cls", "model.onnx")));
        Assert.Equal(HeadPosition.Last, compiler.Report.Head);
    }

    private static ModelGraph Whole(ModelGraph model)
    {
        var graph = model.Clone();
        graph.Outputs.RemoveAll(output => output.Name != "logits");
        graph.RemoveDead();
        return graph;
    }

    private static Tensor Run(ModelGraph graph, long[][]? reads)
    {
        using var session = OnnxRun.Open(GraphSerializer.Serialize(graph));
        long[] Each(Func<int, long> value) => [.. Enumerable.Range(0, 21).Select(value)];
        var feeds = new Dictionary<string, Tensor>
        {
            ["input_ids"] = new([3, 7], Each(i => 5 + (i * 11 % 40))),
            ["attention_mask"] = new([3, 7], Each(i => i is 20 or 19 ? 0 : 1)),
            ["token_type_ids"] = new([3, 7], Each(_ => 0)),
            ["position_ids"] = new([3, 7], Each(i => i % 7)),
        };
        if (reads is not null)
        {
            feeds[FormNames.OutputPositions] = new([3, 4], reads.SelectMany(row => row).ToArray());
        }

        return FiniteDifferences.Run(session, feeds).Values.Single();
    }
}
