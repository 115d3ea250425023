using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExplainService.Api.Tests.Fuzz;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// Random requests, right ones and wrong ones, to a service in a process of its own: what they were answered, and what memory it holds as
/// they go by.
/// </summary>
public static partial class Soak
{
    private const int Usual = 10_000;
    private const int Stages = 10;
    private const int InFlight = 4;

    /// <summary>Asks, and prints memory after every tenth and how many were answered what.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="arguments">
    /// How many requests (10,000 if it does not say) and settings of the service, as <c>Runtime:CacheMegabytes=1</c>.
    /// </param>
    public static async Task PrintAsync(TextWriter writer, string[] arguments)
    {
        var count = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : Usual;
        var (answers, faults) = (new SortedDictionary<string, int>(StringComparer.Ordinal), 0);
        await using var service = await ServiceProcess.StartAsync([.. arguments.Skip(1)]);
        var (watch, stage) = (Stopwatch.StartNew(), Math.Max(1, count / Stages));
        for (var first = 0; first < count; first += stage)
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(first, Math.Min(stage, count - first)),
                new ParallelOptions { MaxDegreeOfParallelism = InFlight },
                async (seed, cancellation) =>
                {
                    var (kind, fault) = await AskAsync(service.Http, seed, cancellation);
                    lock (answers)
                    {
                        answers[kind] = answers.GetValueOrDefault(kind) + 1;
                        faults += fault is null ? 0 : 1;
                    }

                    if (fault is not null)
                    {
                        await Console.Error.WriteLineAsync(fault);
                    }
                }
            );
            await PrintMemoryAsync(
                writer,
                service,
                FormattableString.Invariant($"after {Math.Min(first + stage, count)} requests ({watch.Elapsed.TotalMinutes:f0} min)")
            );
        }

        foreach (var (kind, times) in answers)
        {
            await Timing.PrintAsync(writer, kind, times);
        }

        await Timing.PrintAsync(writer, "faults", faults);
    }

    /// <summary>What the process holds, and the part of it that is .NET's: the rest is ONNX Runtime's.</summary>
    private static async Task PrintMemoryAsync(TextWriter writer, ServiceProcess service, string when)
    {
        var managed = await service.MetricAsync("dotnet_gc_last_collection_memory_committed_size_bytes");
        var live = await service.MetricAsync("dotnet_gc_last_collection_heap_size_bytes");
        await Timing.PrintAsync(writer, "resident MB " + when, service.ResidentBytes / 1e6);
        await Timing.PrintAsync(writer, "  of that managed heap, committed", managed / 1e6);
        await Timing.PrintAsync(writer, "  of that managed heap, in use or free, at the last collection", live / 1e6);
    }

    private static async Task<(string Kind, string? Fault)> AskAsync(HttpClient http, int seed, CancellationToken cancellation)
    {
        var (path, body) = new RandomRequests(seed).Next();
        try
        {
            return await AskAsync(http, seed, path, body, cancellation);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ("none within " + http.Timeout, $"no answer for seed {seed}: {path} {body}");
        }
    }

    private static async Task<(string Kind, string? Fault)> AskAsync(
        HttpClient http,
        int seed,
        string path,
        string body,
        CancellationToken cancellation
    )
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation)).RootElement;
        var status = (int)answer.StatusCode;
        var fault = FuzzedAnswer.Fault(JsonDocument.Parse(body).RootElement, status, answer.Content.Headers.ContentType?.MediaType, json);
        var kind =
            status == 200
                ? "200 " + path
                : FormattableString.Invariant($"{status} ") + Numbers().Replace(json.GetProperty("detail").GetString()!, "#");
        return (kind, fault is null ? null : $"{fault} in {status} {json} for seed {seed}: {path} {body}");
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
