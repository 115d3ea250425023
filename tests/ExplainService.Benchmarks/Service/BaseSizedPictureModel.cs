using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// A classifier of pictures of ViT-base's size (patches of 16 × 16, 197 tokens, 12 layers, hidden 768) with random weights. Times do not
/// depend on what the weights are.
/// </summary>
public static class BaseSizedPictureModel
{
    /// <summary>Rows and columns of a picture.</summary>
    public const int Side = 224;

    private const int Patch = 16;
    private const int Patches = Side / Patch * (Side / Patch);

    /// <summary>Writes its folder.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            """{"architectures": ["ViTForImageClassification"], "model_type": "vit", "id2label": {"0": "a", "1": "b"}}"""
        );
        File.WriteAllText(
            Path.Combine(folder, "preprocessor_config.json"),
            """
            {"image_processor_type": "ViTImageProcessor", "do_resize": true, "resample": 2, "size": {"height": 224, "width": 224}, "do_rescale": true,
             "rescale_factor": 0.00392156862745098, "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
            """
        );
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), GraphSerializer.Serialize(Build()));
    }

    private static ModelGraph Build()
    {
        const int Hidden = BaseSizedModel.Hidden;
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var pixels = tape.Input("pixel_values", ElementType.Float, Dim.Of("batch_size"), 3, Side, Side);
        var kernel = BaseSizedModel.Matrix(tape, "patches", Hidden, 3 * Patch * Patch).Reshape(Hidden, 3, Patch, Patch);
        var patches = tape.Emit(
                "Conv",
                [pixels, kernel],
                ("strides", new long[] { Patch, Patch }),
                ("kernel_shape", new long[] { Patch, Patch })
            )
            .Reshape(0, Hidden, -1)
            .Transpose(0, 2, 1);
        var first = BaseSizedModel
            .Matrix(tape, "class", 1, Hidden)
            .Unsqueeze(0)
            .Expand(tape.Concat(0, pixels.Size(0), tape.List([1, Hidden])));
        var hidden = tape.Concat(1, first, patches) + BaseSizedModel.Matrix(tape, "positions", Patches + 1, Hidden);
        for (var layer = 0; layer < BaseSizedModel.Layers; layer++)
        {
            hidden = BaseSizedModel.Layer(tape, hidden, null, FormattableString.Invariant($"layer.{layer}"));
        }

        tape.Output(BaseSizedModel.Dense(tape, hidden.Gather(tape.Scalar(0, ElementType.Int64), 1), "classifier", Hidden, 2), "logits");
        return graph;
    }
}
