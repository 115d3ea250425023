using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using ExplainService.Runtime.Folders;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>
/// What needs no reference: under <c>cp_lrp</c> a model is affine in everything added to its residual stream, so that f is the sum of what
/// the embeddings, the positions, the types and every bias contribute, on every model of every family.
/// </summary>
[Slow]
public class RelevanceIdentityTests
{
    private static readonly string[] Approximate = ["fp16", "int8", "q4"];

    public static TheoryData<string, string> Models() =>
        new(
            from collection in new[] { "zoo", "families" }
            from folder in Directory.EnumerateDirectories(ReferenceData.PathOf(collection)).Select(path => Path.GetFileName(path)!)
            where !Approximate.Contains(Path.GetExtension(folder).TrimStart('.'))
            orderby folder
            select (collection, folder)
        );

    [Theory]
    [MemberData(nameof(Models))]
    public void F_is_the_sum_of_what_embeddings_positions_types_and_biases_contribute(string collection, string folder)
    {
        var compiler = new FormCompiler(Read(ReferenceData.PathOf(collection, folder)));
        var (graph, embeddings) = compiler.Differentiable(wholeMaps: false);
        var logits = graph.Outputs[0].Name;
        var addends = Addends.Separate(graph, logits, embeddings);
        var tape = new Tape(graph);
        var rules = new RelevanceRules(graph, tape.Shapes, embeddings, GradientVariant.CpLrp);
        var lines = compiler.Report.IsSpans ? 2 : 1;
        var (score, slope) = ScoreHead.Emit(
            tape[logits],
            tape.Constant<long>(new long[lines], 1, lines),
            null,
            new GradientFormOptions(FormObjective.Logit, FormLink.Softmax)
        );
        var gradients = Backward.Run(tape, logits, slope, [.. embeddings, .. addends], rules);
        graph.Outputs.Clear();
        tape.Output(score, "f");
        foreach (var (name, gradient) in gradients)
        {
            tape.Output(tape[name], "value_" + name);
            tape.Output(gradient, "gradient_" + name);
        }

        graph.RemoveDead();
        graph.Sort();
        var results = Run(graph, compiler.Report, collection, folder);
        var f = results["f"].Values.Single();
        var terms = gradients.Keys.ToDictionary(
            name => name,
            name => Dot(results["value_" + name].Values, results["gradient_" + name].Values)
        );
        var scale = terms.Values.Append(f).Max(Math.Abs);
        Assert.Contains(embeddings[0], terms);
        Assert.True(Math.Abs(terms.Values.Sum() - f) <= 1e-4 * scale, $"f {f:g6}, contributions {terms.Values.Sum():g6}, scale {scale:g4}");

        // A decoder that reads the text a second time begins with attention among embeddings that are held as they are.
        var moving = Influence.Of(graph, tape.Shapes, embeddings, new HashSet<string>());
        Assert.Equal(compiler.Report.Attention.Count(map => moving.Contains(map.Output)), rules.Frozen.Attention);
        Assert.True(rules.Frozen.Norm > 0 || folder.StartsWith("mobilebert", StringComparison.Ordinal));
        Assert.True(rules.Frozen.Activation + rules.Frozen.Gate > 0);
        Assert.Empty(compiler.Report.NoVariant);
    }

    private static ModelGraph Read(string path)
    {
        var folder = ModelFolder.Open(path);
        var graph = Plain(folder.Model);
        return folder.Decoder is null ? graph : JoinEncoderDecoder.Apply(graph, Plain(folder.Decoder));

        static ModelGraph Plain(string path)
        {
            var part = OnnxFile.Load(path);
            RemoveKvCache.Apply(part);
            return part;
        }
    }

    /// <summary>A masked score may be −∞ and count for nothing.</summary>
    private static double Dot(float[] values, float[] gradient) =>
        values.Zip(gradient, (value, slope) => slope == 0 ? 0 : (double)value * slope).Sum();

    private static Dictionary<string, (long[] Dims, float[] Values)> Run(
        ModelGraph graph,
        GraphReport report,
        string collection,
        string folder
    )
    {
        using var golden = ReferenceData.Json(collection, folder.Split('.')[0], "golden.json");
        var inputs = golden.RootElement.GetProperty("cases")[0].GetProperty("inputs");
        using var session = OnnxRun.Open(GraphSerializer.Serialize(graph));
        var feeds = session.InputMetadata.ToDictionary(pair => pair.Key, pair => Feed(pair.Key, Math.Max(0, pair.Value.Dimensions[1])));
        using var options = new RunOptions();
        string[] names = [.. session.OutputMetadata.Keys];
        using var results = session.Run(options, feeds.Keys, feeds.Values, names);
        return names.Zip(results, (name, value) => (name, OnnxRun.Read(value))).ToDictionary();

        OrtValue Feed(string name, int length) =>
            name switch
            {
                FormNames.Embeddings => Embed(report.Lookups[0], Padded(Ids(inputs.GetProperty("input_ids")), length)),
                FormNames.DecoderEmbeddings => Embed(report.Lookups[^1], Padded(Ids(inputs.GetProperty("decoder_input_ids")), length)),
                FormNames.OutputPositions => Longs([1]),
                _ => Longs(Padded(Given(name, inputs), length)),
            };
    }

    private static long[] Given(string name, JsonElement inputs)
    {
        if (inputs.TryGetProperty(name, out var given))
        {
            return Ids(given);
        }

        // Of encoder and decoder in one graph, each names its own.
        var ids = Ids(inputs.GetProperty(name.StartsWith("decoder", StringComparison.Ordinal) ? "decoder_input_ids" : "input_ids"));
        return name switch
        {
            _ when name.EndsWith("attention_mask", StringComparison.Ordinal) => [.. ids.Select(_ => 1L)],
            "position_ids" => [.. ids.Select((_, position) => (long)position)],
            _ => new long[ids.Length],
        };
    }

    /// <summary>To the length that a graph fixes.</summary>
    private static long[] Padded(long[] values, int length) => [.. values, .. Enumerable.Repeat(0L, Math.Max(0, length - values.Length))];

    private static OrtValue Embed(EmbeddingLookup lookup, long[] ids)
    {
        var (table, size) = (lookup.Table.ToFloats(), lookup.EmbeddingSize);
        float[] rows = [.. ids.SelectMany(id => table.AsSpan((int)id * size, size).ToArray())];
        return OrtValue.CreateTensorValueFromMemory(rows, [1, ids.Length, size]);
    }

    private static OrtValue Longs(long[] values) => OrtValue.CreateTensorValueFromMemory(values, [1, values.Length]);

    private static long[] Ids(JsonElement batch) => [.. batch[0].EnumerateArray().Select(item => item.GetInt64())];
}
