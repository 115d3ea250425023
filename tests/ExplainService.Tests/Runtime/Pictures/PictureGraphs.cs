using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;

namespace ExplainService.Tests.Runtime.Pictures;

/// <summary>
/// Small models of pictures of 16 × 16 pixels, written operator by operator as optimum exports those of Transformers, with weights by a
/// formula; and folders that hold them.
/// </summary>
internal static class PictureGraphs
{
    /// <summary>Rows and columns of a picture.</summary>
    public const int Side = 16;

    /// <summary>Labels.</summary>
    public const int Labels = 3;

    private const int Channels = 3;

    /// <summary>Writes a folder as models come in.</summary>
    public static void Write(string folder, string architecture, ModelGraph graph)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            $$"""{"architectures": ["{{architecture}}"], "id2label": {"0": "a", "1": "b", "2": "c"} }"""
        );
        File.WriteAllText(
            Path.Combine(folder, "preprocessor_config.json"),
            """
            {"image_processor_type": "ViTImageProcessor", "do_resize": true, "resample": 2, "size": {"height": 16, "width": 16}, "do_rescale": true,
             "rescale_factor": 0.00392156862745098, "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
            """
        );
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), GraphSerializer.Serialize(graph));
    }

    /// <summary>
    /// BEiT: a class token and no position embeddings, but a bias to every score by how far apart two patches are, out of a table that is
    /// resized to the picture; the mean of the patches is classified.
    /// </summary>
    public static ModelGraph Beit()
    {
        var (patch, hidden, heads, layers) = (4, 8, 2, 2);
        var (graph, tape, pixels) = Start();
        var patches = Patches(tape, pixels, patch, hidden);
        var first = Constant(tape, 1, 1, hidden).Expand(tape.Concat(0, pixels.Size(0), tape.List([1, hidden])));
        var x = tape.Concat(1, first, patches);
        for (var layer = 0; layer < layers; layer++)
        {
            var attended = Attention(tape, Norm(tape, x, hidden), hidden, heads, RelativeBias(tape, pixels, Side / patch, heads));
            x += Constant(tape, hidden) * attended;
            x += Constant(tape, hidden) * Dense(tape, Gelu(Dense(tape, Norm(tape, x, hidden), hidden, 2 * hidden)), 2 * hidden, hidden);
        }

        var pooled = Norm(tape, x.Slice(1, 1, long.MaxValue).ReduceMean([1], keepdims: false), hidden);
        tape.Output(Dense(tape, pooled, hidden, Labels), "logits");
        return graph;
    }

    /// <summary>
    /// Swin: attention within windows of 4 × 4 patches, in every second block of windows that are shifted (with a mask between what was not
    /// beside each other), then each 2 × 2 patches merged into one; the mean is classified.
    /// </summary>
    public static ModelGraph Swin()
    {
        var (patch, hidden, window) = (2, 8, 4);
        var (graph, tape, pixels) = Start();
        var grid = Side / patch;
        var x = Norm(tape, Patches(tape, pixels, patch, hidden), hidden);
        x = WindowBlock(tape, x, grid, hidden, heads: 2, window, shift: 0);
        x = WindowBlock(tape, x, grid, hidden, heads: 2, window, shift: window / 2);
        x = Merged(tape, x, grid, hidden);
        x = WindowBlock(tape, x, grid / 2, 2 * hidden, heads: 4, window, shift: 0);
        var pooled = tape.Emit("GlobalAveragePool", Norm(tape, x, 2 * hidden).Transpose(0, 2, 1));
        tape.Output(Dense(tape, tape.Emit("Flatten", [pooled], ("axis", 1L)), 2 * hidden, Labels), "logits");
        return graph;
    }

    /// <summary>
    /// A model that cannot tell its 2 × 2 patches apart but by what they show: what each says by itself is added up, and classes are crossed
    /// by what all say together.
    /// </summary>
    public static ModelGraph Symmetric()
    {
        const int Hidden = 6;
        var (graph, tape, pixels) = Start();
        var each = Dense(tape, Gelu(Patches(tape, pixels, 8, Hidden)), Hidden, Hidden).Tanh();
        tape.Output(Dense(tape, each.ReduceSum([1], keepdims: false).Tanh(), Hidden, Labels), "logits");
        return graph;
    }

    private static (ModelGraph Graph, Tape Tape, Value Pixels) Start()
    {
        var graph = new ModelGraph { Opsets = { [""] = 18 } };
        var tape = new Tape(graph);
        return (
            graph,
            tape,
            tape.Input("pixel_values", ElementType.Float, Dim.Of("batch_size"), Dim.Of("num_channels"), Dim.Of("height"), Dim.Of("width"))
        );
    }

    private static Value Patches(Tape tape, Value pixels, int patch, int hidden)
    {
        var cut = tape.Emit(
            "Conv",
            [pixels, Constant(tape, hidden, Channels, patch, patch), Constant(tape, hidden)],
            ("kernel_shape", new long[] { patch, patch }),
            ("strides", new long[] { patch, patch })
        );
        return cut.Reshape(tape.Concat(0, cut.Shape().Slice(0, 0, 2), tape.List([-1]))).Transpose(0, 2, 1);
    }

    /// <summary>[1, heads, 1 + patches, 1 + patches], as Transformers 4.4x looks it up for a picture of any size.</summary>
    private static Value RelativeBias(Tape tape, Value pixels, int grid, int heads)
    {
        var span = (2 * grid) - 1;
        var table = Constant(tape, (span * span) + 3, heads);
        var (own, special) = (table.Slice(0, 0, span * span), table.Slice(0, span * span, (span * span) + 3));
        var sides = (pixels.Shape().Slice(0, 2, 4) / tape.List([Side / grid]) * tape.List([2])) - tape.List([1]);
        var resized = tape.Emit(
            "Resize",
            [own.Reshape(1, span, span, -1).Transpose(0, 3, 1, 2), null, null, tape.Concat(0, tape.List([1, heads]), sides)],
            ("mode", "linear"),
            ("coordinate_transformation_mode", "pytorch_half_pixel")
        );
        var all = tape.Concat(0, resized.Transpose(0, 2, 3, 1).Reshape(-1, heads), special);
        var tokens = (grid * grid) + 1;
        var index = new long[tokens * tokens];
        for (var from = 0; from < tokens; from++)
        {
            for (var to = 0; to < tokens; to++)
            {
                var (a, b) = (from - 1, to - 1);
                index[(from * tokens) + to] =
                    (from, to) is (0, 0) ? (span * span) + 2
                    : from == 0 ? span * span
                    : to == 0 ? (span * span) + 1
                    : (((a / grid) - (b / grid) + grid - 1) * span) + (a % grid) - (b % grid) + grid - 1;
            }
        }

        return all.Gather(tape.Constant<long>(index, index.Length)).Reshape(tokens, tokens, heads).Transpose(2, 0, 1).Unsqueeze(0);
    }

    private static Value Attention(Tape tape, Value x, int hidden, int heads, Value bias, Func<Value, Value>? masked = null)
    {
        var (query, key, value) = (Heads(), Heads(), Heads());
        var scores = (query.MatMul(key.Transpose(0, 1, 3, 2)) / Math.Sqrt(hidden / heads)) + bias;
        var context = (masked?.Invoke(scores) ?? scores).Softmax().MatMul(value).Transpose(0, 2, 1, 3);
        return Dense(tape, context.Reshape(tape.Concat(0, context.Shape().Slice(0, 0, 2), tape.List([hidden]))), hidden, hidden);

        Value Heads()
        {
            var all = Dense(tape, x, hidden, hidden);
            return all.Reshape(tape.Concat(0, all.Shape().Slice(0, 0, 2), tape.List([heads, hidden / heads]))).Transpose(0, 2, 1, 3);
        }
    }

    private static Value WindowBlock(Tape tape, Value x, int grid, int hidden, int heads, int window, int shift)
    {
        var along = grid / window;
        var picture = Norm(tape, x, hidden).Reshape(0, grid, grid, hidden);
        var padded = tape.Emit("Pad", [picture, tape.List(new long[8]), tape.Scalar(0, ElementType.Float)], ("mode", "constant"));
        var windows = Rolled(padded, shift)
            .Reshape(-1, along, window, along, window, hidden)
            .Transpose(0, 1, 3, 2, 4, 5)
            .Reshape(-1, window * window, hidden);
        Func<Value, Value>? masked =
            shift == 0
                ? null
                : scores =>
                    (
                        scores.Reshape(-1, along * along, heads, window * window, window * window)
                        + Mask(tape, grid, window, shift).Unsqueeze(1).Unsqueeze(0)
                    ).Reshape(-1, heads, window * window, window * window);
        var attended = Attention(tape, windows, hidden, heads, Constant(tape, 1, heads, window * window, window * window), masked)
            .Reshape(-1, along, along, window, window, hidden)
            .Transpose(0, 1, 3, 2, 4, 5)
            .Reshape(-1, grid, grid, hidden);
        x += Rolled(attended, -shift).Reshape(0, grid * grid, hidden);
        return x + Dense(tape, Gelu(Dense(tape, Norm(tape, x, hidden), hidden, 2 * hidden)), 2 * hidden, hidden);
    }

    /// <summary><c>torch.roll</c> by −<paramref name="shift"/> along rows and columns.</summary>
    private static Value Rolled(Value picture, int shift)
    {
        foreach (var axis in shift == 0 ? [] : new long[] { 1, 2 })
        {
            picture = picture.Tape.Concat(axis, picture.Slice(axis, shift, long.MaxValue), picture.Slice(axis, 0, shift));
        }

        return picture;
    }

    /// <summary>[windows, window², window²]: −100 between patches that only the shift has brought together.</summary>
    private static Value Mask(Tape tape, int grid, int window, int shift)
    {
        var (along, inside) = (grid / window, window * window);
        int Band(int at) =>
            at < grid - window ? 0
            : at < grid - shift ? 1
            : 2;
        int Region(int place, int token) =>
            (3 * Band((place / along * window) + (token / window))) + Band((place % along * window) + (token % window));
        var mask = new float[along * along * inside * inside];
        for (var at = 0; at < mask.Length; at++)
        {
            var place = at / (inside * inside);
            mask[at] = Region(place, at / inside % inside) == Region(place, at % inside) ? 0 : -100;
        }

        return tape.Constant<float>(mask, along * along, inside, inside);
    }

    private static Value Merged(Tape tape, Value x, int grid, int hidden)
    {
        var picture = x.Reshape(0, grid, grid, hidden);
        Value Part(int row, int column) => picture.Slice(1, row, long.MaxValue, 2).Slice(2, column, long.MaxValue, 2);
        var joined = tape.Concat(-1, Part(0, 0), Part(1, 0), Part(0, 1), Part(1, 1)).Reshape(0, -1, 4 * hidden);
        return Norm(tape, joined, 4 * hidden).MatMul(Constant(tape, 4 * hidden, 2 * hidden));
    }

    private static Value Norm(Tape tape, Value x, int size) =>
        tape.Emit("LayerNormalization", [x, Constant(tape, size) + 1, Constant(tape, size)], ("epsilon", 1e-5f));

    private static Value Dense(Tape tape, Value x, int from, int to) => x.MatMul(Constant(tape, from, to)) + Constant(tape, to);

    private static Value Gelu(Value x) => x * ((x / Math.Sqrt(2)).Erf() + 1) * 0.5;

    /// <summary>Numbers that look like weights, others in every place of a model.</summary>
    private static Value Constant(Tape tape, params long[] dims)
    {
        var count = dims.Aggregate(1L, (product, size) => product * size);
        var scale = dims.Length < 2 ? 0.2 : 1.2 / Math.Sqrt(Math.Max(4, count / dims[^1]));
        var start = tape.Graph.Weights.Count * 0.37;
        return tape.Constant(
            Weight.Of<float>(
                tape.Graph.Unique("weight"),
                dims,
                [.. Enumerable.Range(0, (int)count).Select(i => (float)(scale * 1.4 * Math.Sin(start + (i * 1.913) + (0.37 * (i % 7)))))]
            )
        );
    }
}
