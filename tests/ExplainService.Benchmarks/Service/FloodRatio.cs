using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// What one key's flood costs another's <c>/predict</c>: its time alone and beside the flood, in turns. The clients run on the same machine and
/// take their part of it.
/// </summary>
public static class FloodRatio
{
    private const int Rounds = 8;
    private const int Predictions = 30;

    /// <summary>Tokens of the number before each text, which makes it another than all before.</summary>
    private const int OfNumber = 2;

    /// <summary>What runs when the flood ends belongs to no turn.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private static readonly (string Name, int Clients, string Path, int Tokens)[] Floods =
    [
        ("8 clients at /shap, 64 tokens", 8, "/shap", 64),
        ("32 clients at /occlusion, 64 tokens", 32, "/occlusion", 64),
        ("32 clients at /predict, 64 tokens", 32, "/predict", 64),
    ];

    /// <summary>Prints the figures of each flood.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="arguments">Tokens of the other key's predictions, if not 16 and 64; further settings of the service.</param>
    public static async Task PrintAsync(TextWriter writer, string[] arguments)
    {
        int[] lengths = [.. arguments.Where(one => one.All(char.IsAsciiDigit)).Select(one => int.Parse(one, CultureInfo.InvariantCulture))];
        var (flooding, other) = ("flood", "other");
        var (texts, asked) = (new Texts(), 0);
        await using var service = await ServiceProcess.StartAsync([
            "Runtime:MeasureFast=false",
            "Models:PrepareForms=false",
            "Runtime:CacheMegabytes=0",
            .. Key(0, flooding),
            .. Key(1, other),
            .. arguments.Where(one => one.Contains('=', StringComparison.Ordinal)),
        ]);
        using var floods = Client(service, flooding);
        using var client = Client(service, other);
        await TimesAsync([texts.Next(16)]);
        foreach (var (name, clients, path, tokens) in Floods)
        {
            var rows = Enumerable.Range(0, clients).Select(_ => texts.Next(tokens)).ToArray();
            foreach (var length in lengths.Length > 0 ? lengths : [16, 64])
            {
                string[] own = [.. Enumerable.Range(0, Predictions).Select(_ => texts.Next(length - OfNumber))];
                var (alone, beside) = (new List<double>(), new List<double>());
                for (var round = 0; round < Rounds; round++)
                {
                    alone.AddRange(await TimesAsync(own));
                    using var stop = new CancellationTokenSource();
                    var flood = Task.WhenAll(rows.Select((text, number) => FloodAsync(floods, path, text, number, stop.Token)));
                    await Task.Delay(Between);
                    beside.AddRange(await TimesAsync(own));
                    await stop.CancelAsync();
                    await flood;
                    await Task.Delay(Between);
                }

                await writer.WriteLineAsync($"{name}; a prediction of {length} tokens of another key, ms");
                foreach (var (part, quantile) in new[] { ("p50", 0.5), ("p95", 0.95) })
                {
                    var (before, during) = (Timing.Quantile(alone, quantile), Timing.Quantile(beside, quantile));
                    await Timing.PrintAsync(writer, $"  {part} alone", before);
                    await Timing.PrintAsync(writer, $"  {part} beside the flood", during);
                    await Timing.PrintAsync(writer, $"  {part} ratio", during / before);
                }
            }
        }

        async Task<List<double>> TimesAsync(string[] own)
        {
            var times = new List<double>();
            foreach (var text in own)
            {
                var numbered = new { text = FormattableString.Invariant($"{asked++ % 1000} {text}") };
                var watch = Stopwatch.StartNew();
                using var answer = await client.PostAsJsonAsync("/predict", numbered);
                await answer.Content.ReadAsByteArrayAsync();
                times.Add(watch.Elapsed.TotalMilliseconds);
                answer.EnsureSuccessStatusCode();
            }

            return times;
        }
    }

    /// <summary>Asks again and again, each time something else, so that nothing of it is remembered; what is refused is asked again at once.</summary>
    private static async Task FloodAsync(HttpClient client, string path, string text, int number, CancellationToken stop)
    {
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            try
            {
                using var answer = await client.PostAsJsonAsync(
                    path,
                    new { text = FormattableString.Invariant($"{number} {turn} {text}") },
                    stop
                );
                await answer.Content.ReadAsByteArrayAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static HttpClient Client(ServiceProcess service, string name)
    {
        var client = new HttpClient { BaseAddress = service.Http.BaseAddress, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Add("X-Api-Key", KeyOf(name));
        return client;
    }

    private static string[] Key(int number, string name) =>
        [
            FormattableString.Invariant($"Auth:Keys:{number}:Name={name}"),
            FormattableString.Invariant(
                $"Auth:Keys:{number}:Sha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(name))))}"
            ),
        ];

    private static string KeyOf(string name) => "expl_" + name;
}
