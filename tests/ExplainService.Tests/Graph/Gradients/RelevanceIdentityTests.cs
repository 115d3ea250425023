using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using ExplainService.Runtime;
using ExplainService.Runtime.Folders;
using ExplainService.Tests.Runtime.Pictures;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>
/// What needs no reference: under <c>cp_lrp</c> a model is affine in everything added to its residual stream, so that f is the sum of what
/// the embeddings (of a picture its pixels), the positions, the types and every bias contribute, on every model of every family.
/// </summary>
[Slow]
public class RelevanceIdentityTests
{
    private static readonly string[] Approximate = ["fp16", "int8", "q4"];

    private static readonly Dictionary<string, (Func<ModelGraph> Graph, int Side)> PictureModels = new()
    {
        ["vit"] = (() => OnnxFile.Load(ReferenceData.PathOf("vision", "vit-cls", "model.onnx")), 32),
        ["beit"] = (PictureGraphs.Beit, PictureGraphs.Side),
        ["swin"] = (PictureGraphs.Swin, PictureGraphs.Side),
    };

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
        var identity = RelevanceIdentity.Checked(compiler, new TextFeeds(compiler.Report, collection, folder).Of);

        // A decoder that reads the text a second time begins with attention among embeddings that are held as they are.
        Assert.Equal(identity.MovingMaps, identity.Frozen.Attention);
        Assert.True(identity.Frozen.Norm > 0 || folder.StartsWith("mobilebert", StringComparison.Ordinal));
        Assert.True(identity.Frozen.Activation + identity.Frozen.Gate > 0);
        Assert.Empty(compiler.Report.NoVariant);
    }

    [Theory]
    [InlineData("vit", 3)]
    [InlineData("beit", 2)]
    [InlineData("swin", 3)]
    public void F_is_the_sum_of_what_pixels_class_token_positions_and_biases_contribute(string name, int layers)
    {
        var (graph, side) = PictureModels[name];
        var compiler = new FormCompiler(graph(), new PixelSize(3, side, side));
        var layout = compiler.Report.Patches!;
        var shape = new PictureShape(3, side, side, layout.PatchHeight, layout.PatchWidth, layout.Before, layout.Behind, layout.IsModels);
        float[] picture = [.. Enumerable.Range(0, 3 * side * side).Select(i => MathF.Sin(i * 0.7f))];

        var identity = RelevanceIdentity.Checked(
            compiler,
            (_, _) => OrtValue.CreateTensorValueFromMemory(shape.Arrange(picture), [1, layout.Sequence, layout.TokenSize])
        );

        Assert.Equal((layers, layers), (identity.Frozen.Attention, identity.Frozen.Activation));
        Assert.True(identity.Frozen.Norm >= 2 * layers);
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

    /// <summary>The inputs of the reference's first case, by name and as long as a graph fixes.</summary>
    private sealed class TextFeeds
    {
        private readonly GraphReport report;
        private readonly JsonElement inputs;

        public TextFeeds(GraphReport report, string collection, string folder)
        {
            using var golden = ReferenceData.Json(collection, folder.Split('.')[0], "golden.json");
            (this.report, inputs) = (report, golden.RootElement.GetProperty("cases")[0].GetProperty("inputs").Clone());
        }

        public OrtValue Of(string name, int[] dims)
        {
            var length = dims.Length > 1 ? Math.Max(0, dims[1]) : 0;
            return name switch
            {
                FormNames.Embeddings => Embed(report.Lookups[0], Padded(Ids(inputs.GetProperty("input_ids")), length)),
                FormNames.DecoderEmbeddings => Embed(report.Lookups[^1], Padded(Ids(inputs.GetProperty("decoder_input_ids")), length)),
                FormNames.OutputPositions => Longs([1]),
                _ => Longs(Padded(Given(name), length)),
            };
        }

        private long[] Given(string name)
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
        private static long[] Padded(long[] values, int length) =>
            [.. values, .. Enumerable.Repeat(0L, Math.Max(0, length - values.Length))];

        private static OrtValue Embed(EmbeddingLookup lookup, long[] ids)
        {
            var (table, size) = (lookup.Table.ToFloats(), lookup.EmbeddingSize);
            float[] rows = [.. ids.SelectMany(id => table.AsSpan((int)id * size, size).ToArray())];
            return OrtValue.CreateTensorValueFromMemory(rows, [1, ids.Length, size]);
        }

        private static OrtValue Longs(long[] values) => OrtValue.CreateTensorValueFromMemory(values, [1, values.Length]);

        private static long[] Ids(JsonElement batch) => [.. batch[0].EnumerateArray().Select(item => item.GetInt64())];
    }
}
