using System.Diagnostics;
using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// What it costs to look inside: heads switched off over plain rows, the memory of all forms of the inside; and how well relevance foretells
/// what switching a neuron off does (attribution patching, Jafari et al. 2025).
/// </summary>
public static class InsideRatios
{
    private const int Rounds = 9;
    private const int AblatedTokens = 25;
    private const int PatchedNeurons = 500;

    private static readonly string[] Prompts =
    [
        "This movie is not nearly as good as the",
        "The acting was terrible and the story made no",
        "I have seen this film many times and I still",
    ];

    /// <summary>Prints all of them.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        await using (
            var registry = new ModelRegistry(
                new ModelOptions { PrepareForms = false, Directory = ReferenceData.BundledModels },
                new RuntimeOptions(),
                TimeProvider.System
            )
        )
        {
            var sentiment = await registry.GetAsync("minilm-sst2", CancellationToken.None);
            await Timing.PrintAsync(
                writer,
                FormattableString.Invariant(
                    $"{sentiment.Description.Layers * sentiment.Description.Heads} heads off over as many rows of {AblatedTokens} tokens"
                ),
                await AblationAsync(sentiment)
            );
            var language = await registry.GetAsync("gpt-reviews", CancellationToken.None);
            foreach (var propagation in Enum.GetValues<Propagation>())
            {
                await Timing.PrintAsync(
                    writer,
                    FormattableString.Invariant($"Pearson's r, {propagation} and {PatchedNeurons} neurons of gpt-reviews switched off"),
                    await PatchingAsync(language, propagation)
                );
            }
        }

        await PrintMemoryAsync(writer);
    }

    /// <summary>In turns, over rows that nobody has seen before.</summary>
    private static async Task<double> AblationAsync(ILoadedModel model)
    {
        var random = new Random(1);
        var parts = Enumerable
            .Range(0, model.Description.Layers)
            .SelectMany(layer => Enumerable.Range(0, model.Description.Heads).Select(head => new LayerPart(layer, head)))
            .ToArray();
        var (runner, work) = (model.Runner, new WorkOptions());
        List<double> ratios = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var plain = await SecondsAsync(runner.PredictAsync(parts.Select(_ => Row()).ToArray(), work, CancellationToken.None));
            var row = Row();
            var ablated = await SecondsAsync(
                runner.AblateAsync(
                    parts.Select(part => new AblatedRow(row, part)),
                    new AblationSpec(ModelPart.Head),
                    work,
                    CancellationToken.None
                )
            );

            // The first makes the forms.
            if (round > 0)
            {
                ratios.Add(ablated / plain);
            }
        }

        return Timing.Median(ratios);

        TokenRow Row() => new() { Ids = [101, .. Enumerable.Range(0, AblatedTokens - 2).Select(_ => random.Next(1000, 30000)), 102] };
    }

    private static async Task<double> SecondsAsync<T>(IAsyncEnumerable<T> rows)
    {
        var watch = Stopwatch.StartNew();
        await rows.CountAsync();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// Σ over tokens of a ⊙ g̃ against the drop of the next token's logit with the neuron at zero; neurons drawn from all layers.
    /// </summary>
    private static async Task<double> PatchingAsync(ILoadedModel model, Propagation propagation)
    {
        var random = new Random(2);
        var (size, layers) = (model.Description.Neurons, model.Description.Layers);
        List<double> foretold = [];
        List<double> measured = [];
        foreach (var prompt in Prompts)
        {
            var ids = model.Tokenizer.Encode(prompt).Ids;
            var row = new TokenRow { Ids = ids, OutputPositions = [ids.Length - 1] };
            var gradient = await model
                .Runner.GradientAsync(
                    [new GradientRow(row, [GradientRow.Predicted]) { WantsLogits = true }],
                    new GradientSpec(Objective.Logit, Link.Softmax, GradientOutputs.Neurons) { Propagation = propagation },
                    new WorkOptions(),
                    CancellationToken.None
                )
                .FirstAsync();
            var neurons = Enumerable
                .Range(0, PatchedNeurons / Prompts.Length)
                .Select(_ => new LayerPart(random.Next(layers), random.Next(size)))
                .ToArray();
            var logits = await model
                .Runner.AblateAsync(
                    neurons.Select(neuron => new AblatedRow(row, neuron)).Prepend(new AblatedRow(row)),
                    new AblationSpec(ModelPart.Neuron),
                    new WorkOptions(),
                    CancellationToken.None
                )
                .Select(result => result[0].ToArray())
                .ToListAsync();
            var said = Array.IndexOf(logits[0], logits[0].Max());
            measured.AddRange(logits.Skip(1).Select(line => (double)logits[0][said] - line[said]));
            foretold.AddRange(
                neurons.Select(neuron =>
                    Enumerable
                        .Range(0, ids.Length)
                        .Sum(token => (double)gradient.Inside!.NeuronScores[neuron.Layer][(token * size) + neuron.Index])
                )
            );
        }

        return Correlation(foretold, measured);
    }

    private static double Correlation(List<double> left, List<double> right)
    {
        var (meanLeft, meanRight) = (left.Average(), right.Average());
        var product = left.Zip(right, (a, b) => (a - meanLeft) * (b - meanRight)).Sum();
        return product / Math.Sqrt(left.Sum(a => (a - meanLeft) * (a - meanLeft)) * right.Sum(b => (b - meanRight) * (b - meanRight)));
    }

    private static async Task PrintMemoryAsync(TextWriter writer)
    {
        await using var service = await ServiceProcess.StartAsync();
        var texts = new Texts();
        for (var round = 0; round < 5; round++)
        {
            await service.AskAsync("/saliency", new { text = texts.Next(128), method = "input_x_gradient" });
        }

        var gradients = service.ResidentBytes;
        for (var round = 0; round < 5; round++)
        {
            var text = texts.Next(128);
            foreach (var method in new[] { "gradient_x_activation", "conductance", "cp_lrp", "attn_lrp", "lens" })
            {
                await service.AskAsync("/layers", new { text, method });
            }

            foreach (var of in new[] { "heads", "layers" })
            {
                await service.AskAsync("/ablation", new { text, of });
            }

            await service.AskAsync("/neurons", new { text, by = "cp_lrp" });
            foreach (var aggregate in new[] { "value_zeroing", "norms" })
            {
                await service.AskAsync("/attention", new { text, aggregate });
            }
        }

        await Timing.PrintAsync(writer, "resident memory, predictions and gradients in use, MB", gradients / 1e6);
        await Timing.PrintAsync(writer, "resident memory, every form of the inside too, MB", service.ResidentBytes / 1e6);
    }
}
