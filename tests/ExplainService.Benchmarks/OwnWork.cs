using System.Diagnostics;
using ExplainService.Benchmarks.Service;
using ExplainService.Goldens;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Shapley;
using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Output;
using ExplainService.Tests.Methods.Pipeline;
using ExplainService.Tests.Methods.Shapley;
using ExplainService.Tests.Rendering;
using ExplainService.Text.Tokenization;
using ExplainService.Text.Units;

namespace ExplainService.Benchmarks;

/// <summary>
/// Time and memory of what the service does beside the model, of the largest requests. The tests bound the same work by what it allocates
/// and reads, as no test reads the clock; these are the bounds that people feel, on an idle machine.
/// </summary>
internal static class OwnWork
{
    private const int Evaluations = 3000;

    public static async Task PrintAsync(TextWriter writer)
    {
        foreach (var players in new[] { 128, 5000 })
        {
            foreach (var algorithm in new[] { ShapAlgorithm.Kernel, ShapAlgorithm.Permutation, ShapAlgorithm.Partition })
            {
                // At most 2 s of 128 units, 8 s of 5,000: models take ten times as long for so many texts of such a length.
                await Timing.PrintAsync(
                    writer,
                    FormattableString.Invariant($"{EnumNames.Of(algorithm)}, {players} units, 500 evaluations (s)"),
                    await SecondsAsync(() =>
                        ShapleyEstimators.EstimateAsync(algorithm, new AdditiveGame(players), new() { MaxEvaluations = 500 })
                    )
                );
            }
        }

        // At most 1.5 s each.
        await Timing.PrintAsync(
            writer,
            "kernel, late after 3,000 evaluations (s)",
            await LateAsync(ShapAlgorithm.Kernel, interactions: false)
        );
        await Timing.PrintAsync(
            writer,
            "interactions, late after 3,000 (s)",
            await LateAsync(ShapAlgorithm.Permutation, interactions: true)
        );

        // At most 62: four times the bits and the value of an evaluation of 60 units.
        foreach (var algorithm in new[] { ShapAlgorithm.Kernel, ShapAlgorithm.Permutation })
        {
            await Timing.PrintAsync(
                writer,
                FormattableString.Invariant($"{EnumNames.Of(algorithm)}, bytes kept an evaluation"),
                await KeptAsync(algorithm)
            );
        }

        // At most 160: a matrix of 1,536² and garbage that no collection has come for. It was 1,150.
        await Timing.PrintAsync(writer, "kernel, 60,000 evaluations: managed heap at its largest (MB)", await PeakAsync());
        await PrintTextsAsync(writer);
        foreach (var view in new[] { "grid", "heatmap", "heads" })
        {
            // At most 1 s.
            var subject = Answers.Attention(512, 6, 12);
            var options = PictureOptions.Default with { View = view };
            await Timing.PrintAsync(
                writer,
                FormattableString.Invariant($"attention of 512 tokens, {view} (s)"),
                Seconds(() => SvgWriter.Write(Pictures.Draw(subject, options), Theme.Auto))
            );
        }
    }

    /// <summary>At most 5 s each: half a megabyte takes a few tenths, squares of it took from ten seconds to a quarter of an hour.</summary>
    private static async Task PrintTextsAsync(TextWriter writer)
    {
        var input = UnitTexts.Prepare(UnitTexts.Review(100_000));
        await Timing.PrintAsync(
            writer,
            "units of sentences, words and tokens, 100,000 words (s)",
            Seconds(() => UnitTexts.Units(input, Granularity.Sentence, Granularity.Word, Granularity.Token))
        );
        int[][] spans =
        [
            .. UnitTexts.Units(input, Granularity.Word).Leaves.Units.TakeLast(10_000).Select(word => new[] { word.Start, word.End }),
        ];
        await Timing.PrintAsync(writer, "10,000 spans of 100,000 words (s)", Seconds(() => UnitTexts.Units(input, spans)));
        var tokenizer = Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2"));
        var marks = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 500_000)) + " b";
        await Timing.PrintAsync(writer, "a million combining marks on one letter (s)", Seconds(() => tokenizer.Encode(marks)));
    }

    /// <summary>From the moment at which the estimator learns that its time is up.</summary>
    private static async Task<double> LateAsync(ShapAlgorithm algorithm, bool interactions)
    {
        var game = new AdditiveGame(30);
        var watch = new Stopwatch();
        await ShapleyEstimators.EstimateAsync(
            algorithm,
            game,
            new()
            {
                MaxEvaluations = 100_000,
                Interactions = interactions,
                OutOfTime = () =>
                {
                    watch.Restart();
                    return game.Evaluations >= Evaluations;
                },
            }
        );
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>How much more of the heap is in use after 160,000 evaluations more.</summary>
    private static async Task<double> KeptAsync(ShapAlgorithm algorithm)
    {
        var game = new AdditiveGame(60);
        var kept = new List<long>();
        await ShapleyEstimators.EstimateAsync(
            algorithm,
            game,
            new()
            {
                MaxEvaluations = 210_000,
                OutOfTime = () =>
                {
                    if (game.Evaluations > 0 && game.Evaluations / 40_000 > kept.Count)
                    {
                        GC.Collect();
                        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
                        kept.Add(heap.HeapSizeBytes - heap.FragmentedBytes);
                    }

                    return false;
                },
            }
        );
        return (kept[^1] - kept[0]) / ((kept.Count - 1) * 40_000.0);
    }

    private static async Task<double> PeakAsync()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (peak, done) = (0L, false);
        var watch = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false) - before);
                Thread.Yield();
            }
        });
        watch.Start();
        await KernelShapley.EstimateAsync(new AdditiveGame(60), new() { MaxEvaluations = 60_000 });
        Volatile.Write(ref done, true);
        watch.Join();
        return peak / 1e6;
    }

    private static double Seconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> SecondsAsync(Func<Task> action)
    {
        var watch = Stopwatch.StartNew();
        await action();
        return watch.Elapsed.TotalSeconds;
    }
}
