using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// What it costs to send traces, metrics and logs to a collector. Two services, one of which sends, answer the same remembered prediction in turns:
/// nothing is computed, so that the difference of their processor time is not lost in what computing varies by. An explanation sends more than
/// that, by as much as the collector gets more of it. Processor time, since that of the clock is everybody's on a shared machine.
/// </summary>
public static class ExportCost
{
    private const int Pairs = 3;
    private const int Rounds = 8;
    private const int Predictions = 400;
    private const int Explanations = 12;

    /// <summary>What waits to be sent has been sent.</summary>
    private static readonly TimeSpan Sent = TimeSpan.FromSeconds(7);

    private static readonly int[] Lengths = [16, 64];

    /// <summary>Prints the cost of a prediction, of each pair of processes, and from it the part of explanations.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="arguments">Pairs, if not 3.</param>
    public static async Task PrintAsync(TextWriter writer, string[] arguments)
    {
        var pairs = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : Pairs;
        var (collector, received) = (WebApplication.CreateSlimBuilder(), 0L);
        collector.Logging.ClearProviders();
        await using var app = collector.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost(
            "/v1/{signal}",
            async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                Interlocked.Add(ref received, body.Length);
                context.Response.ContentType = "application/x-protobuf";
            }
        );
        await app.StartAsync();

        var texts = new Texts();
        var costs = new List<double>();
        for (var pair = 0; pair < pairs; pair++)
        {
            await using var silent = await StartAsync(null);
            await using var sending = await StartAsync(app.Urls.Single());
            await PredictAsync(Rounds, silent, sending);
            await Task.Delay(Sent);

            received = 0;
            var (before, beforeSending) = (silent.ProcessorSeconds, sending.ProcessorSeconds);
            await PredictAsync(Rounds, silent, sending);
            await Task.Delay(Sent);
            var (without, with) = (silent.ProcessorSeconds - before, sending.ProcessorSeconds - beforeSending);
            var cost = (with - without) / (Rounds * Predictions);
            costs.Add(cost);
            var sent = received / 1e3 / (Rounds * Predictions);
            await Timing.PrintAsync(
                writer,
                $"pair {pair + 1}: a remembered prediction, ms of a processor",
                without * 1e3 / (Rounds * Predictions)
            );
            await Timing.PrintAsync(writer, "  sending adds, ms", cost * 1e3);
            await Timing.PrintAsync(writer, "  sent, KB", sent);

            foreach (var tokens in pair < pairs - 1 ? [] : Lengths)
            {
                received = 0;
                before = sending.ProcessorSeconds;
                for (var i = 0; i < Explanations; i++)
                {
                    await sending.AskAsync("/occlusion", new { text = texts.Next(tokens), granularity = "token" });
                }

                await Task.Delay(Sent);
                var seconds = (sending.ProcessorSeconds - before) / Explanations;
                var more = received / 1e3 / Explanations / sent;
                await Timing.PrintAsync(writer, $"occlusion of {tokens} tokens, ms of a processor", seconds * 1e3);
                await Timing.PrintAsync(writer, "  sent, over a prediction's", more);
                await Timing.PrintAsync(writer, "  sending's part, % (median of the pairs)", 100 * Timing.Median(costs) * more / seconds);
                await Timing.PrintAsync(writer, "  (most of the pairs)", 100 * costs.Max() * more / seconds);
            }
        }
    }

    /// <summary>A service, with a thread a batch (threads that wait for each other turn on the spot) and batches of a size that is not measured.</summary>
    private static Task<ServiceProcess> StartAsync(string? collector) =>
        ServiceProcess.StartAsync([
            "Runtime:Threads=1",
            "Runtime:TokenBudget=1024",
            "Models:PrepareForms=false",
            "Runtime:MeasureFast=false",
            .. collector is null
                ? Array.Empty<string>()
                : ["OTEL_EXPORTER_OTLP_ENDPOINT=" + collector, "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"],
        ]);

    private static async Task PredictAsync(int rounds, params ServiceProcess[] services)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var service in round % 2 == 0 ? services : [.. services.Reverse()])
            {
                for (var i = 0; i < Predictions; i++)
                {
                    await service.AskAsync("/predict", new { text = "A quiet and moving film." });
                }
            }
        }
    }
}
