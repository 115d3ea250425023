using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Inside;
using static ExplainService.Api.Tests.JsonNumbers;

namespace ExplainService.Api.Tests.Inside;

/// <summary>PyTorch's and Captum's look inside ten texts, reproduced through HTTP.</summary>
public sealed class InsideGoldenTests(Service service) : IClassFixture<Service>
{
    public static TheoryData<string> Texts() =>
        new(
            Directory
                .EnumerateFiles(ReferenceData.PathOf("goldens", "minilm-inside"))
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Heads_that_are_off_cost_what_they_do_in_PyTorch(string file)
    {
        using var golden = ReferenceData.Json("goldens", "minilm-inside", file);
        var answer = await service.AskAsync<AblationAnswer>(
            "/ablation",
            new
            {
                text = TextOf(golden),
                objective = "logit",
                target = TargetOf(golden),
            }
        );
        Alike(
            Flat(golden.RootElement.GetProperty("head_ablation_logit_drop")),
            [.. answer.Heads!.SelectMany(layer => layer.Select(head => head.Score))],
            5e-3
        );
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Value_zeroing_and_norms_are_those_of_PyTorch(string file)
    {
        using var golden = ReferenceData.Json("goldens", "minilm-inside", file);
        Alike(Flat(golden.RootElement.GetProperty("attention_norms")), await MapsAsync(golden, "norms"), 5e-3);

        // The reference takes 1 − cos in float32, where it moves in steps of 6e-8 and turns negative: in rows that hardly change a step is
        // some hundredths of all. Ours is in double.
        var expected = Flat(golden.RootElement.GetProperty("value_zeroing"));
        var actual = await MapsAsync(golden, "value_zeroing");
        Alike(expected, actual, 0.1);
        var differences = expected.Zip(actual, (one, other) => Math.Abs(one - other)).Order().ToArray();
        Assert.InRange(differences[differences.Length * 98 / 100], 0, 5e-3);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Layers_contribute_what_Captum_says(string file)
    {
        using var golden = ReferenceData.Json("goldens", "minilm-sst2", file);
        Alike(
            Flat(golden.RootElement.GetProperty("layer_gradient_x_activation")),
            await LayersAsync(golden, "gradient_x_activation"),
            5e-3
        );
        var conductance = golden.RootElement.GetProperty("layer_conductance");
        Alike(Flat(conductance.GetProperty("per_layer")), await LayersAsync(golden, "conductance"), 2e-2);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task The_strongest_neurons_are_those_of_PyTorch(string file)
    {
        using var golden = ReferenceData.Json("goldens", "minilm-sst2", file);
        var answer = await service.AskAsync<NeuronsAnswer>("/neurons", new { text = TextOf(golden), top_k = 10 });
        var expected = golden.RootElement.GetProperty("feed_forward_neurons_top10").EnumerateArray().ToArray();
        Assert.Equal(expected.Length, answer.Layers.Count);
        foreach (var (layer, own) in expected.Zip(answer.Layers))
        {
            // Of neurons that are as strong as each other to the last bits the order is nobody's.
            Alike(
                [.. layer.EnumerateArray().Select(one => one.GetProperty("activation").GetDouble())],
                [.. own.Neurons.Select(one => one.Activation)],
                1e-4
            );
            Assert.Equal(
                layer.EnumerateArray().Select(one => (one.GetProperty("neuron").GetInt32(), one.GetProperty("token").GetInt32())),
                own.Neurons.Select(one => (one.Neuron, one.Token))
            );
        }
    }

    private async Task<double[]> MapsAsync(JsonDocument golden, string aggregate)
    {
        var answer = await service.AskAsync<AttentionAnswer>("/attention", new { text = TextOf(golden), aggregate });
        return [.. answer.Maps!.SelectMany(map => map.SelectMany(row => row.Select(entry => (double)entry)))];
    }

    private async Task<double[]> LayersAsync(JsonDocument golden, string method)
    {
        var answer = await service.AskAsync<LayersAnswer>(
            "/layers",
            new
            {
                text = TextOf(golden),
                method,
                objective = "logit",
                baseline = method == "conductance" ? "pad" : null,
                target = TargetOf(golden),
            }
        );
        return [.. answer.Layers.SelectMany(layer => layer.Scores!)];
    }

    private static string TextOf(JsonDocument golden) => golden.RootElement.GetProperty("text").GetString()!;

    private static object TargetOf(JsonDocument golden) => new { label = golden.RootElement.GetProperty("target").GetInt32() };

    /// <summary>Within a part of the largest entry.</summary>
    private static void Alike(double[] expected, double[] actual, double tolerance) =>
        Near(expected, actual, tolerance * expected.Max(Math.Abs));
}
