using System.Globalization;
using System.Text.RegularExpressions;
using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Methods.Numerics;
using Xunit;

namespace ExplainService.Tests.Graph.Forms;

/// <summary>Layers that are drawn anew from the top: which weights change, to what, and what stays shared.</summary>
public sealed partial class RandomLayersTests
{
    private const int Layers = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(Layers)]
    public void So_many_layers_from_the_top_are_drawn_anew_with_what_is_above_them(int layers)
    {
        var compiler = Compiler("bert-cls");
        var (before, after) = (compiler.Plain.Weights, Drawn(compiler, layers).Weights);
        var changed = before.Keys.Where(name => !before[name].Bytes.SequenceEqual(after[name].Bytes)).ToArray();
        var matrices = MatricesByLayer(before);
        foreach (var (layer, names) in matrices.Index())
        {
            if (layer >= Layers - layers)
            {
                Assert.Subset(changed.ToHashSet(), names.ToHashSet());
            }
            else
            {
                Assert.Empty(changed.Intersect(names));
            }
        }

        Assert.Contains("bert.pooler.dense.weight", changed);
        Assert.Contains("classifier.weight", changed);
        Assert.DoesNotContain(changed, name => name.Contains("embeddings", StringComparison.Ordinal));
        Assert.DoesNotContain(changed, name => Numbered().Match(name) is { Success: true } layer && Number(layer) < Layers - layers);
    }

    [Fact]
    public void What_is_not_drawn_anew_is_in_memory_once()
    {
        var compiler = Compiler("bert-cls");
        var after = Drawn(compiler, 1).Weights;
        foreach (var name in MatricesByLayer(compiler.Plain.Weights)[..^1].SelectMany(names => names))
        {
            Assert.Equal(compiler.Plain.Weights[name].Address, after[name].Address);
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_more_layers_draw_the_upper_ones_the_same()
    {
        var compiler = Compiler("bert-cls");
        var (one, same, other, more) = (
            Drawn(compiler, 1).Weights,
            Drawn(compiler, 1).Weights,
            Drawn(compiler, 1, seed: 8).Weights,
            Drawn(compiler, 3).Weights
        );
        foreach (var name in MatricesByLayer(compiler.Plain.Weights)[^1].Append("classifier.weight"))
        {
            Assert.True(one[name].Bytes.SequenceEqual(same[name].Bytes), name);
            Assert.False(one[name].Bytes.SequenceEqual(other[name].Bytes), name);
            Assert.True(one[name].Bytes.SequenceEqual(more[name].Bytes), name);
        }
    }

    [Fact]
    public void What_is_drawn_has_the_mean_and_the_deviation_that_was_learned()
    {
        var compiler = Compiler("bert-cls");
        var (before, after) = (compiler.Plain.Weights, Drawn(compiler, Layers).Weights);
        foreach (var name in MatricesByLayer(before).SelectMany(names => names))
        {
            var (learned, drawn) = (Spread(before[name]), Spread(after[name]));
            var error = learned.Deviation / Math.Sqrt(before[name].Count);
            Assert.InRange(drawn.Mean, learned.Mean - (4 * error), learned.Mean + (4 * error));
            Assert.InRange(drawn.Deviation / learned.Deviation, 0.9, 1.1);

            // As normal numbers are: about a third beyond one deviation.
            var beyond = after[name].ToFloats().Count(value => Math.Abs(value - drawn.Mean) > drawn.Deviation);
            Assert.InRange((double)beyond / before[name].Count, 0.25, 0.4);
        }
    }

    [Fact]
    public void Layers_that_share_their_weights_get_some_of_their_own()
    {
        var compiler = Compiler("albert-cls");
        var (before, after) = (compiler.Plain, Drawn(compiler, 1));
        var (readers, blocks) = (before.Consumers(), compiler.Report.Blocks.Count);
        string[] shared =
        [
            .. before.Weights.Keys.Where(name =>
                name.Contains("albert_layers", StringComparison.Ordinal) && readers[name].Count() == blocks
            ),
        ];
        Assert.NotEmpty(shared);
        foreach (var name in shared)
        {
            Assert.True(before.Weights[name].Bytes.SequenceEqual(after.Weights[name].Bytes), name);
            Assert.Equal(blocks - 1, after.Consumers()[name].Count());
        }
    }

    private static FormCompiler Compiler(string model) => new(OnnxFile.Load(ReferenceData.PathOf("zoo", model, "model.onnx")));

    private static ModelGraph Drawn(FormCompiler compiler, int layers, long seed = 7) =>
        RandomLayers.Of(compiler, layers, new SeededRandom(seed).NextGaussian).Plain;

    /// <summary>The exporter names matrices by their place in the graph: as many a layer, the lowest layer's first.</summary>
    private static string[][] MatricesByLayer(IReadOnlyDictionary<string, Weight> weights)
    {
        string[] matrices = [.. weights.Keys.Where(name => name.StartsWith("onnx::MatMul", StringComparison.Ordinal)).OrderBy(Place)];
        return [.. matrices.Chunk(matrices.Length / Layers)];

        static int Place(string name) => int.Parse(name.Split('_')[1], CultureInfo.InvariantCulture);
    }

    private static (double Mean, double Deviation) Spread(Weight weight)
    {
        var values = weight.ToFloats();
        var mean = values.Average(value => (double)value);
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }

    private static int Number(Match layer) => int.Parse(layer.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"layer\.(\d+)\.")]
    private static partial Regex Numbered();
}
