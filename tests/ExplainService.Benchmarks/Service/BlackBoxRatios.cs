using System.Diagnostics;
using System.Text.Json;
using ExplainService.Goldens;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// Black-box explanations through HTTP against the same number of rows through bare batched <c>InferenceSession.Run</c>, in turns; many
/// requests of different methods and lengths at once against one after another; and what of the computed tokens is padding.
/// </summary>
public static class BlackBoxRatios
{
    private const int Rounds = 5;
    private const int Evaluations = 500;

    /// <summary>Prints the figures, one line each.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        var texts = new Texts();
        using var bare = new BareModel();
        await using var service = await ServiceProcess.StartAsync("Runtime:MeasureFast=false");
        await service.WarmUpAsync(texts);
        var golden = Golden(tokens: 25);
        await Timing.PrintAsync(
            writer,
            "shap, golden of 25 tokens, 500 evaluations: time over bare",
            await ShapAsync(bare, service, _ => golden, 25)
        );
        await Timing.PrintAsync(
            writer,
            "shap, reviews of 170 tokens (about 128 words): time over bare",
            await ShapAsync(bare, service, _ => texts.Next(170), 170)
        );
        await MixtureAsync(writer, service, texts);
    }

    private static async Task<double> ShapAsync(BareModel bare, ServiceProcess service, Func<int, string> text, int tokens)
    {
        var batch = bare.BestBatch(tokens);
        await service.AskAsync(
            "/shap",
            new
            {
                text = text(0),
                max_evaluations = Evaluations,
                seed = 1000,
            }
        );
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            // Another seed draws other coalitions, so that hardly any row is remembered; the rows that ran are what counts.
            var before = BareSeconds(bare, batch, tokens);
            var rows = await service.MetricAsync("explain_device_rows_total");
            var watch = Stopwatch.StartNew();
            await service.AskAsync(
                "/shap",
                new
                {
                    text = text(round),
                    max_evaluations = Evaluations,
                    seed = round,
                }
            );
            var seconds = watch.Elapsed.TotalSeconds;
            rows = await service.MetricAsync("explain_device_rows_total") - rows;
            ratios.Add(seconds / rows / ((before + BareSeconds(bare, batch, tokens)) / 2));
        }

        return Timing.Median(ratios);
    }

    /// <summary>Seconds a row.</summary>
    private static double BareSeconds(BareModel bare, int batch, int tokens) =>
        1 / (batch * Timing.Rate(() => bare.Run(batch, tokens), TimeSpan.FromSeconds(1)));

    private static async Task MixtureAsync(TextWriter writer, ServiceProcess service, Texts texts)
    {
        var losses = new List<double>();
        var (tokens, padded) = (
            await service.MetricAsync("explain_device_tokens_total"),
            await service.MetricAsync("explain_device_padded_tokens_total")
        );
        for (var round = 0; round < Rounds; round++)
        {
            var alone = await RateAsync(
                service,
                async requests =>
                {
                    foreach (var (path, request) in requests)
                    {
                        await service.AskAsync(path, request);
                    }
                },
                Requests(texts)
            );
            var together = await RateAsync(
                service,
                requests => Task.WhenAll(requests.Select(request => service.AskAsync(request.Path, request.Body))),
                Requests(texts)
            );
            losses.Add(1 - (together / alone));
        }

        await Timing.PrintAsync(writer, "16 requests at once: tokens/s lost against one after another", Timing.Median(losses));
        tokens = await service.MetricAsync("explain_device_tokens_total") - tokens;
        padded = await service.MetricAsync("explain_device_padded_tokens_total") - padded;
        await Timing.PrintAsync(writer, "padding, share of computed tokens", 1 - (tokens / padded));
    }

    /// <summary>Tokens a second: the texts of two runs have the same lengths but not the same rows.</summary>
    private static async Task<double> RateAsync(
        ServiceProcess service,
        Func<IReadOnlyList<(string Path, object Body)>, Task> run,
        IReadOnlyList<(string Path, object Body)> requests
    )
    {
        var tokens = await service.MetricAsync("explain_device_tokens_total");
        var watch = Stopwatch.StartNew();
        await run(requests);
        var seconds = watch.Elapsed.TotalSeconds;
        return (await service.MetricAsync("explain_device_tokens_total") - tokens) / seconds;
    }

    private static List<(string Path, object Body)> Requests(Texts texts) =>
        [
            .. new[] { 12, 20, 40, 90 }.SelectMany(length =>
                new (string, object)[]
                {
                    ("/shap", new { text = texts.Next(length), max_evaluations = 100 }),
                    (
                        "/occlusion",
                        new
                        {
                            text = texts.Next(length),
                            granularity = "token",
                            replacement = length > 30 ? "delete" : "mask",
                        }
                    ),
                    ("/lime", new { text = texts.Next(length), samples = 100 }),
                    ("/permutation", new { text = texts.Next(length), samples = 3 }),
                }
            ),
        ];

    private static string Golden(int tokens)
    {
        foreach (var file in Directory.GetFiles(ReferenceData.PathOf("goldens", "minilm-sst2"), "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (document.RootElement.GetProperty("input_ids").GetArrayLength() == tokens)
            {
                return document.RootElement.GetProperty("text").GetString()!;
            }
        }

        throw new InvalidOperationException(FormattableString.Invariant($"no golden of {tokens} tokens"));
    }
}
