using System.Diagnostics;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// The service through HTTP against bare <c>InferenceSession.Run</c>, in turns on one machine: rows per second of occlusion, what a single
/// prediction costs on top, and many clients at once.
/// </summary>
public static class ServiceRatios
{
    private const int Rounds = 7;
    private const int Clients = 64;

    /// <summary>Prints the figures, one line each.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        var texts = new Texts();
        using var bare = new BareModel();
        // Nothing may run in the background of what is timed.
        await using var service = await ServiceProcess.StartAsync("Runtime:MeasureFast=false");
        await using var whole = await ServiceProcess.StartAsync("Runtime:MeasureFast=false", "Runtime:ComputeOnlyWhatIsRead=false");
        await service.WarmUpAsync(texts);
        await whole.WarmUpAsync(texts);
        foreach (var tokens in new[] { 64, 256 })
        {
            var batch = bare.BestBatch(tokens);
            await Timing.PrintAsync(
                writer,
                $"occlusion, {tokens} tokens: rows/s over bare (batch {batch})",
                await OcclusionAsync(bare, batch, service, texts, tokens)
            );
            await Timing.PrintAsync(
                writer,
                $"the same, computing what the output does not read too",
                await OcclusionAsync(bare, batch, whole, texts, tokens)
            );
        }

        await Timing.PrintAsync(writer, "predict, 16 tokens: ms over bare, median", await PredictAsync(bare, service, texts));
        await ManyClientsAsync(writer, bare, service, texts);
    }

    private static async Task<double> OcclusionAsync(BareModel bare, int batch, ServiceProcess service, Texts texts, int tokens)
    {
        await OccludeAsync(service, texts.Next(tokens));
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var before = BareRate(bare, batch, tokens);
            var (rows, watch) = (0L, Stopwatch.StartNew());
            while (watch.Elapsed < TimeSpan.FromSeconds(1))
            {
                rows += await OccludeAsync(service, texts.Next(tokens));
            }

            var rate = rows / watch.Elapsed.TotalSeconds;
            ratios.Add(rate / ((before + BareRate(bare, batch, tokens)) / 2));
        }

        return Timing.Median(ratios);
    }

    private static async Task<long> OccludeAsync(ServiceProcess service, string text) =>
        (await service.AskAsync("/occlusion", new { text, granularity = "token" })).GetProperty("evaluations").GetInt64();

    private static double BareRate(BareModel bare, int batch, int tokens) =>
        batch * Timing.Rate(() => bare.Run(batch, tokens), TimeSpan.FromSeconds(1));

    private static async Task<double> PredictAsync(BareModel bare, ServiceProcess service, Texts texts)
    {
        const int Tokens = 16;
        var (over, count) = (new List<double>(), 0);
        for (var round = 0; round < 3 * Rounds; round++)
        {
            var own = 1000 * Timing.Seconds(() => bare.Run(1, Tokens), TimeSpan.FromSeconds(0.1));
            var times = new List<double>();
            for (var i = 0; i < 30; i++, count++)
            {
                var text = texts.Next(Tokens);
                var watch = Stopwatch.StartNew();
                await service.AskAsync("/predict", new { text });
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            if (round > 1)
            {
                over.Add(Timing.Median(times) - own);
            }
        }

        return Timing.Median(over);
    }

    private static async Task ManyClientsAsync(TextWriter writer, BareModel bare, ServiceProcess service, Texts texts)
    {
        const int Tokens = 64;
        var batch = bare.BestBatch(Tokens);
        var before = BareRate(bare, batch, Tokens);
        var requests = Enumerable
            .Range(0, Clients)
            .Select(_ => new Queue<string>(Enumerable.Range(0, 2).Select(_ => texts.Next(Tokens))))
            .ToArray();
        var latencies = new List<double>();
        var (rows, errors) = (0L, 0);
        var all = Stopwatch.StartNew();
        await Task.WhenAll(
            requests.Select(async queue =>
            {
                while (queue.TryDequeue(out var text))
                {
                    var watch = Stopwatch.StartNew();
                    try
                    {
                        var scored = await OccludeAsync(service, text);
                        lock (latencies)
                        {
                            rows += scored;
                            latencies.Add(watch.Elapsed.TotalSeconds);
                        }
                    }
                    catch (InvalidOperationException error)
                    {
                        Interlocked.Increment(ref errors);
                        await Console.Error.WriteLineAsync(error.Message);
                    }
                }
            })
        );
        var rate = rows / all.Elapsed.TotalSeconds;
        await Timing.PrintAsync(
            writer,
            $"{Clients} clients at once, occlusion of {Tokens} tokens: rows/s over bare",
            rate / ((before + BareRate(bare, batch, Tokens)) / 2)
        );
        await Timing.PrintAsync(writer, "  errors", errors);
        await Timing.PrintAsync(writer, "  latency p50, s", Timing.Median(latencies));
        await Timing.PrintAsync(writer, "  latency p99, s", Timing.Quantile(latencies, 0.99));
    }
}
