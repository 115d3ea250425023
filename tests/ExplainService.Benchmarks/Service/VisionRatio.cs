using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// Rows a second of hidden patches through the model runner (queue, batches, pictures put together) over those of bare <c>Run</c> on the
/// same file in batches of its best size, in turns: what else the machine does disturbs both.
/// </summary>
public static class VisionRatio
{
    private const int Rows = 8;
    private const int Rounds = 5;
    private static readonly int[] BatchSizes = [1, 2, 4, 8];

    /// <summary>Prints the rates and their ratio.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        var root = Directory.CreateTempSubdirectory("vision-").FullName;
        try
        {
            BaseSizedPictureModel.Write(Path.Combine(root, "vit-base"));
            var registry = new ModelRegistry(
                new ModelOptions { PrepareForms = false, Directory = root },
                new RuntimeOptions(),
                TimeProvider.System
            );
            await using var closed = registry.ConfigureAwait(false);
            var model = await registry.GetAsync("vit-base", CancellationToken.None);
            var shape = model.Description.Picture!;
            // With as many threads as the service takes: by itself ONNX Runtime leaves the second one of a core idle.
            using var threads = new SessionOptions { IntraOpNumThreads = new RuntimeOptions().EffectiveThreads };
            using var bare = new InferenceSession(Path.Combine(root, "vit-base", "model.onnx"), threads);
            var best = BatchSizes.MinBy(size => Timing.Seconds(() => RunBare(bare, size), TimeSpan.Zero) / size);
            var (own, run) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                // A picture of its own every round, so that nothing is remembered.
                var table = new PictureTable(shape, [Noise(shape, round), new float[shape.Sequence * shape.TokenSize]]);
                var rows = Enumerable.Range(0, Rows).Select(patch => Hiding(table, shape.Before + patch)).ToArray();
                own.Add(
                    Rows / await SecondsAsync(async () => await model.Runner.PredictAsync(rows, new WorkOptions(), default).CountAsync())
                );
                run.Add(
                    Rows
                        / await SecondsAsync(() =>
                        {
                            for (var done = 0; done < Rows; done += best)
                            {
                                RunBare(bare, best);
                            }

                            return Task.CompletedTask;
                        })
                );
            }

            await Timing.PrintAsync(writer, $"bare Run, batches of {best}: rows a second of ViT-base", Timing.Median(run));
            await Timing.PrintAsync(writer, "model runner: rows a second of ViT-base with a patch hidden", Timing.Median(own));
            await Timing.PrintAsync(writer, "model runner over bare Run", Timing.Median(own.Zip(run, (a, b) => a / b)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<double> SecondsAsync(Func<Task> action)
    {
        var start = System.Diagnostics.Stopwatch.StartNew();
        await action();
        return start.Elapsed.TotalSeconds;
    }

    private static void RunBare(InferenceSession session, int rows)
    {
        var pixels = new float[rows * 3 * BaseSizedPictureModel.Side * BaseSizedPictureModel.Side];
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [rows, 3, BaseSizedPictureModel.Side, BaseSizedPictureModel.Side]);
        using var options = new RunOptions();
        using var results = session.Run(options, new Dictionary<string, OrtValue> { ["pixel_values"] = input }, session.OutputNames);
    }

    private static TokenRow Hiding(PictureTable table, int token)
    {
        var ids = new int[table.Pieces];
        ids[token] = 1;
        return new TokenRow { Ids = ids, Picture = table };
    }

    private static float[] Noise(PictureShape shape, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, shape.Sequence * shape.TokenSize).Select(_ => random.NextSingle() - 0.5f)];
    }
}
