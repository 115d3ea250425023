using ExplainService.Goldens;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// What relevance costs in gradients: <c>cp_lrp</c>, which visits nothing below the attention scores, and <c>attn_lrp</c> over
/// <c>input_x_gradient</c>, in turns over the same rows.
/// </summary>
public static class RelevanceRatio
{
    private const int Rounds = 7;

    /// <summary>Prints a line for each variant and length.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        var compiler = new FormCompiler(OnnxFile.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2", "model.onnx")));
        var size = compiler.Report.Lookups[0].EmbeddingSize;
        using var plain = Open(compiler, GradientVariant.Plain);
        foreach (var variant in new[] { GradientVariant.CpLrp, GradientVariant.AttnLrp })
        {
            using var relevance = Open(compiler, variant);
            foreach (var (rows, length) in new[] { (1, 16), (1, 64), (16, 64), (4, 256) })
            {
                var name = FormattableString.Invariant($"{variant} over the plain gradient, {rows} rows of {length} tokens");
                await Timing.PrintAsync(writer, name, Ratio(plain, relevance, rows, length, size));
            }
        }
    }

    private static BareModel Open(FormCompiler compiler, GradientVariant variant) =>
        new(compiler.Gradient(new GradientFormOptions(FormObjective.Probability, FormLink.Softmax, Variant: variant)).WithWeights());

    private static double Ratio(BareModel plain, BareModel relevance, int rows, int length, int size)
    {
        var random = new Random(1);
        float[] embeddings = [.. Enumerable.Range(0, rows * length * size).Select(_ => (random.NextSingle() - 0.5f) * 0.1f)];
        var further = new Dictionary<string, OrtValue>
        {
            [FormNames.Embeddings] = OrtValue.CreateTensorValueFromMemory(embeddings, [rows, length, size]),
            [FormNames.Targets] = OrtValue.CreateTensorValueFromMemory(new long[rows], [rows, 1]),
        };
        plain.Run(rows, length, further);
        relevance.Run(rows, length, further);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var gradient = Timing.Seconds(() => plain.Run(rows, length, further), TimeSpan.FromSeconds(0.5));
            ratios.Add(Timing.Seconds(() => relevance.Run(rows, length, further), TimeSpan.FromSeconds(0.5)) / gradient);
        }

        foreach (var value in further.Values)
        {
            value.Dispose();
        }

        return Timing.Median(ratios);
    }
}
