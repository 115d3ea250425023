using System.Diagnostics;
using ExplainService.Goldens;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// What <c>precision: "fast"</c> gains through HTTP, and how far it is from the model on sentences that it was not calibrated on.
/// </summary>
public static class FastRatio
{
    private const int Rounds = 9;
    private const int Tokens = 64;

    /// <summary>Prints the figures.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        var texts = new Texts();
        await using var service = await ServiceProcess.StartAsync();
        await service.WarmUpAsync(texts);
        await OccludeAsync(service, texts.Next(Tokens), "fast");
        await OccludeAsync(service, texts.Next(Tokens), "exact");
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            ratios.Add(await RateAsync(service, texts, "fast") / await RateAsync(service, texts, "exact"));
        }

        await Timing.PrintAsync(writer, $"occlusion, {Tokens} tokens: rows/s of fast over exact", Timing.Median(ratios));
        var (mean, p95) = await DeviationAsync(service);
        await Timing.PrintAsync(writer, "  deviation on SST-2, % of the logit range: mean", 100 * mean);
        await Timing.PrintAsync(writer, "  deviation on SST-2, % of the logit range: 95th percentile", 100 * p95);
    }

    private static async Task<double> RateAsync(ServiceProcess service, Texts texts, string precision)
    {
        var (rows, watch) = (0L, Stopwatch.StartNew());
        while (watch.Elapsed < TimeSpan.FromSeconds(1))
        {
            rows += await OccludeAsync(service, texts.Next(Tokens), precision);
        }

        return rows / watch.Elapsed.TotalSeconds;
    }

    private static async Task<long> OccludeAsync(ServiceProcess service, string text, string precision) => (
            await service.AskAsync(
                "/occlusion",
                new
                {
                    text,
                    granularity = "token",
                    precision,
                }
            )
        ).GetProperty("evaluations").GetInt64();

    /// <summary>The whole text's logit by the int8 form against the model's own, both in one answer.</summary>
    private static async Task<(double Mean, double P95)> DeviationAsync(ServiceProcess service)
    {
        var (exact, deviations) = (new List<double>(), new List<double>());
        foreach (var line in File.ReadLines(ReferenceData.PathOf("texts", "sst2.dev.tsv")).Skip(1).Take(200))
        {
            var text = line.Split('\t').MaxBy(field => field.Length)!;
            foreach (var label in new[] { 0, 1 })
            {
                var answer = await service.AskAsync(
                    "/occlusion",
                    new
                    {
                        text,
                        granularity = "paragraph",
                        objective = "logit",
                        precision = "fast",
                        target = new { label },
                    }
                );
                exact.Add(answer.GetProperty("prediction").GetProperty("labels")[label].GetProperty("logit").GetDouble());
                deviations.Add(Math.Abs(answer.GetProperty("value").GetDouble() - exact[^1]));
            }
        }

        var range = exact.Max() - exact.Min();
        return (deviations.Average() / range, Timing.Quantile(deviations, 0.95) / range);
    }
}
