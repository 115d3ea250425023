using ExplainService.Goldens;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Benchmarks.Service;

/// <summary>What a batch of gradients costs in batches of the unmodified model's forward pass over the same rows.</summary>
public static class GradientRatio
{
    private const int Rounds = 5;

    /// <summary>Prints a line for each length.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        var compiler = new FormCompiler(OnnxFile.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2", "model.onnx")));
        var size = compiler.Report.Lookups[0].EmbeddingSize;
        using var bare = new BareModel();
        using var gradient = new BareModel(
            compiler.Gradient(new GradientFormOptions(FormObjective.Probability, FormLink.Softmax)).WithWeights()
        );
        foreach (var (rows, length) in new[] { (1, 16), (32, 16), (16, 64), (4, 256) })
        {
            var further = new Dictionary<string, OrtValue>
            {
                [FormNames.Embeddings] = OrtValue.CreateTensorValueFromMemory(Noise(rows * length * size), [rows, length, size]),
                [FormNames.Targets] = OrtValue.CreateTensorValueFromMemory(new long[rows], [rows, 1]),
            };
            bare.Run(rows, length);
            gradient.Run(rows, length, further);
            var ratios = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var forward = Timing.Seconds(() => bare.Run(rows, length), TimeSpan.FromSeconds(0.5));
                ratios.Add(Timing.Seconds(() => gradient.Run(rows, length, further), TimeSpan.FromSeconds(0.5)) / forward);
            }

            var name = FormattableString.Invariant($"gradient batch over forward batch, {rows} rows of {length} tokens");
            await Timing.PrintAsync(writer, name, Timing.Median(ratios));
            foreach (var value in further.Values)
            {
                value.Dispose();
            }
        }
    }

    private static float[] Noise(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 0.1f)];
    }
}
