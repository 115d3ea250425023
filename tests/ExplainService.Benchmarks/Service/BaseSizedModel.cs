using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// A classifier of BERT-base's size (12 layers, 12 heads, hidden 768, 110 M parameters, 440 MB) with random weights, written out with the
/// operators that exporters use, beside the bundled model's tokenizer. Times do not depend on what the weights are.
/// </summary>
public static class BaseSizedModel
{
    internal const int Layers = 12;
    private const int Heads = 12;
    internal const int Hidden = 768;
    private const int Vocabulary = 30522;
    private static readonly Random Random = new(1);

    /// <summary>Writes its folder.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var bundled = Path.Combine(ReferenceData.BundledModels, "minilm-sst2");
        foreach (var file in new[] { "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt" })
        {
            File.Copy(Path.Combine(bundled, file), Path.Combine(folder, file), overwrite: true);
        }

        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), GraphSerializer.Serialize(Build()));
    }

    private static ModelGraph Build()
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var ids = tape.Input("input_ids", ElementType.Int64, Dim.Of("batch_size"), Dim.Of("sequence_length"));
        var mask = tape.Input("attention_mask", ElementType.Int64, Dim.Of("batch_size"), Dim.Of("sequence_length"));
        var length = ids.Size(1);
        var positions = tape.Emit("Range", tape.Scalar(0, ElementType.Int64), length.Squeeze(0), tape.Scalar(1, ElementType.Int64));
        var hidden = Norm(
            tape,
            Matrix(tape, "words", Vocabulary, Hidden).Gather(ids) + Matrix(tape, "positions", 512, Hidden).Gather(positions),
            "embeddings"
        );
        var bias = (1 - mask.Cast(ElementType.Float).Unsqueeze(1, 2)) * -10000.0;
        for (var layer = 0; layer < Layers; layer++)
        {
            hidden = Layer(tape, hidden, bias, FormattableString.Invariant($"layer.{layer}"));
        }

        var pooled = Dense(tape, hidden.Gather(tape.Scalar(0, ElementType.Int64), 1), "pooler", Hidden, Hidden).Tanh();
        tape.Output(Dense(tape, pooled, "classifier", Hidden, 2), "logits");
        return graph;
    }

    internal static Value Layer(Tape tape, Value hidden, Value? bias, string name)
    {
        const int Size = Hidden / Heads;
        Value Split(string part, params long[] order) =>
            Dense(tape, hidden, $"{name}.{part}", Hidden, Hidden).Reshape(0, 0, Heads, Size).Transpose(order);
        var scores = (Split("query", 0, 2, 1, 3).MatMul(Split("key", 0, 2, 3, 1)) / Math.Sqrt(Size));
        scores = bias is null ? scores : scores + bias;
        var context = scores.Softmax().MatMul(Split("value", 0, 2, 1, 3)).Transpose(0, 2, 1, 3).Reshape(0, 0, Hidden);
        hidden = Norm(tape, Dense(tape, context, name + ".output", Hidden, Hidden) + hidden, name + ".attention");
        var wide = Dense(tape, hidden, name + ".wide", Hidden, 4 * Hidden);
        var activated = wide * ((wide / Math.Sqrt(2)).Erf() + 1) * 0.5;
        return Norm(tape, Dense(tape, activated, name + ".narrow", 4 * Hidden, Hidden) + hidden, name + ".feed_forward");
    }

    internal static Value Dense(Tape tape, Value input, string name, int from, int to) =>
        input.MatMul(Matrix(tape, name + ".weight", from, to)) + Vector(tape, name + ".bias", to, 0);

    private static Value Norm(Tape tape, Value input, string name) =>
        tape.Emit(
            "LayerNormalization",
            [input, Vector(tape, name + ".norm.weight", Hidden, 1), Vector(tape, name + ".norm.bias", Hidden, 0)],
            ("axis", -1L),
            ("epsilon", 1e-12f)
        );

    internal static Value Matrix(Tape tape, string name, int rows, int columns)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (Random.NextSingle() - 0.5f) * 0.07f;
        }

        return Weight(tape, name, values, rows, columns);
    }

    private static Value Vector(Tape tape, string name, int length, float value)
    {
        var values = new float[length];
        Array.Fill(values, value);
        return Weight(tape, name, values, length);
    }

    private static Value Weight(Tape tape, string name, float[] values, params long[] dims)
    {
        var weight = ExplainService.Graph.Weight.Adopt(name, dims, values);
        tape.Shapes.Learn(weight);
        return tape[tape.Graph.Add(weight)];
    }
}
