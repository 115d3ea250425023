using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ExplainService.Tests.Graph.Forms;

/// <summary>PyTorch's gradients and attention maps, reproduced by graphs made from plain exports of every family.</summary>
[Slow]
public class ZooGradientTests
{
    public static TheoryData<string, string> Models() =>
        new(
            from folder in new[]
            {
                "bert-cls",
                "bert-cls.opset11",
                "bert-cls.dynamo",
                "bert-cls.dynamo-sdpa",
                "bert-ner",
                "bert-qa",
                "bert-qa.dynamo",
                "bert-mlm",
                "distilbert-cls",
                "roberta-cls",
                "albert-cls",
                "deberta-cls",
                "modernbert-cls",
                "modernbert-cls.dynamo",
                "gpt2-cls",
                "gpt2-lm",
                "gpt2-lm.dynamo",
                "gpt2-lm.past",
                "llama-lm",
                "llama-lm.dynamo",
                "llama-lm.past",
                "qwen3-lm",
                "bert-cls.O1",
                "bert-cls.O2",
                "distilbert-cls.O2",
                "roberta-cls.O2",
                "gpt2-lm.O2",
            }
            select (folder, folder.Split('.')[0])
        );

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradient_of_the_target_matches_autograd(string folder, string golden)
    {
        var compiler = Compiler(folder);
        using var document = ReferenceData.Json("zoo", golden, "golden.json");
        foreach (var item in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var target = GoldenTarget.Of(item);
            var graph = compiler.GradientGraph(new GradientFormOptions(target.Objective, FormLink.Softmax));
            var (score, gradient) = Run(graph, compiler.Report, item, target);
            Near(Floats(item.GetProperty("score")), score, 1e-4);
            var expected = Floats(item.GetProperty("gradient")[0]);
            Near(expected, gradient, 1e-3 * expected.Max(Math.Abs));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Attention_maps_are_those_of_PyTorch(string folder, string golden)
    {
        var compiler = Compiler(folder);
        using var document = ReferenceData.Json("zoo", golden, "golden.json");
        var graph = compiler.TapGraph(new AttentionValues(AttentionRole.Self));
        using var session = OnnxRun.Open(GraphSerializer.Serialize(graph));
        foreach (var item in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var feeds = Feeds(session, compiler.Report, item, null);
            using var options = new RunOptions();
            var expected = item.GetProperty("attentions");
            Assert.Equal(expected.GetArrayLength(), graph.Outputs.Count);
            using var results = session.Run(options, feeds.Keys, feeds.Values, [.. graph.Outputs.Select(output => output.Name)]);
            for (var layer = 0; layer < results.Count; layer++)
            {
                NearWhereSeen(item, Floats(expected[layer]), results[layer].GetTensorDataAsSpan<float>().ToArray());
            }
        }
    }

    internal static FormCompiler Compiler(string folder)
    {
        var graph = OnnxFile.Load(ReferenceData.PathOf("zoo", folder, "model.onnx"));
        RemoveKvCache.Apply(graph);
        return new FormCompiler(graph);
    }

    internal static (float[] Score, float[] Gradient) Run(ModelGraph graph, GraphReport report, JsonElement item, GoldenTarget target)
    {
        using var session = OnnxRun.Open(GraphSerializer.Serialize(graph));
        var feeds = Feeds(session, report, item, target);
        using var options = new RunOptions();
        using var results = session.Run(options, feeds.Keys, feeds.Values, [FormNames.Score, FormNames.Gradient]);
        return (results[0].GetTensorDataAsSpan<float>().ToArray(), results[1].GetTensorDataAsSpan<float>().ToArray());
    }

    internal static Dictionary<string, OrtValue> Feeds(InferenceSession session, GraphReport report, JsonElement item, GoldenTarget? target)
    {
        var inputs = item.GetProperty("inputs");
        var ids = inputs.GetProperty("input_ids");
        var (batch, length) = (ids.GetArrayLength(), ids[0].GetArrayLength());
        var feeds = new Dictionary<string, OrtValue>();
        foreach (var name in session.InputMetadata.Keys)
        {
            feeds[name] = name switch
            {
                FormNames.Embeddings => OrtValue.CreateTensorValueFromMemory(
                    Embed(report, ids),
                    [batch, length, report.Lookups[0].EmbeddingSize]
                ),
                FormNames.OutputPositions => Longs(target!.Positions(batch), batch, 1),
                FormNames.Targets => Longs(target!.Columns(batch), batch, target.Lines),
                "position_ids" => Longs(Positions(batch, length), batch, length),
                _ => Longs(Ints(inputs.GetProperty(name)), batch, length),
            };
        }

        return feeds;
    }

    private static long[] Positions(int batch, int length) =>
        [.. Enumerable.Range(0, batch).SelectMany(_ => Enumerable.Range(0, length).Select(position => (long)position))];

    internal static float[] Embed(GraphReport report, JsonElement ids)
    {
        var table = report.Lookups[0].Table.ToFloats();
        var size = report.Lookups[0].EmbeddingSize;
        return [.. Ints(ids).SelectMany(id => table.Skip((int)id * size).Take(size))];
    }

    private static OrtValue Longs(long[] values, long batch, long width) => OrtValue.CreateTensorValueFromMemory(values, [batch, width]);

    private static long[] Ints(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Ints)] : [element.GetInt64()];

    internal static float[] Floats(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Floats)] : [element.GetSingle()];

    private static void NearWhereSeen(JsonElement item, float[] expected, float[] actual)
    {
        var mask = item.GetProperty("inputs").GetProperty("attention_mask");
        var (batch, length) = (mask.GetArrayLength(), mask[0].GetArrayLength());
        var perRow = expected.Length / batch;
        for (var row = 0; row < batch; row++)
        {
            for (var i = 0; i < perRow; i++)
            {
                var query = i / length % length;
                if (mask[row][query].GetInt32() == 0)
                {
                    continue;
                }

                Assert.True(
                    Math.Abs(expected[(row * perRow) + i] - actual[(row * perRow) + i]) <= 1e-4,
                    $"attention differs at {row}, {i}"
                );
            }
        }
    }

    private static void Near(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= tolerance, $"largest difference {worst:g4} over {tolerance:g4}");
    }

    /// <summary>A golden's target in the terms of a gradient form.</summary>
    internal sealed record GoldenTarget(FormObjective Objective, long? Position, long[] Wanted)
    {
        public int Lines => Wanted.Length;

        public static GoldenTarget Of(JsonElement item)
        {
            var target = item.GetProperty("target");
            long Field(string name) => target.GetProperty(name).GetInt64();
            return target.GetProperty("kind").GetString() switch
            {
                "class" => new(FormObjective.Logit, null, [Field("index")]),
                "span" => new(FormObjective.Logit, null, [Field("start"), Field("end")]),
                "token_class" => new(FormObjective.Logit, Field("position"), [Field("index")]),
                "token" or "next_token_logprob" => new(FormObjective.LogProbability, Field("position"), [Field("token_id")]),
                var kind => throw new NotSupportedException(kind),
            };
        }

        public long[] Positions(int batch) => [.. Enumerable.Repeat(Position!.Value, batch)];

        public long[] Columns(int batch) => [.. Enumerable.Repeat(Wanted, batch).SelectMany(lines => lines)];
    }
}
