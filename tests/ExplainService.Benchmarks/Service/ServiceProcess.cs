using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ExplainService.Goldens;

namespace ExplainService.Benchmarks.Service;

/// <summary>The service as its users run it: a process of its own behind real HTTP.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const int WarmUpTokens = 14;
    private readonly Process process;

    private ServiceProcess(Process process, Uri address)
    {
        this.process = process;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>A client of it.</summary>
    public HttpClient Http { get; }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Time that processors have spent on it.</summary>
    public double ProcessorSeconds
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts it with the bundled models and waits until it is ready.</summary>
    /// <param name="settings">Further settings, as <c>Section:Key=value</c>.</param>
    public static async Task<ServiceProcess> StartAsync(params string[] settings)
    {
        var address = new Uri(FormattableString.Invariant($"http://127.0.0.1:{FreePort()}"));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "ExplainService.Api.dll"),
            "--urls",
            address.ToString(),
            "--Models:Directory=" + ReferenceData.BundledModels,
            .. settings.Select(setting => "--" + setting),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var service = new ServiceProcess(process, address);
        await service.ReadyAsync();
        return service;
    }

    /// <summary>Asks until the runtime's compiler, which takes its time from what is measured, has seen what it will see.</summary>
    public async Task WarmUpAsync(Texts texts)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(15))
        {
            await AskAsync("/occlusion", new { text = texts.Next(WarmUpTokens), granularity = "token" });
            await AskAsync("/shap", new { text = texts.Next(WarmUpTokens), max_evaluations = 50 });
        }
    }

    /// <summary>The answer to a request that must succeed.</summary>
    public async Task<JsonElement> AskAsync(string path, object request)
    {
        using var answer = await Http.PostAsJsonAsync(path, request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(body).RootElement
            : throw new InvalidOperationException(
                FormattableString.Invariant($"{path}: {(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}")
            );
    }

    /// <summary>The sum of a counter or gauge over its labels, as <c>/metrics</c> shows it.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var text = await Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return text.Split('\n')
            .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal) || line.StartsWith(name + "{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative), limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                // Not listening yet.
            }

            await Task.Delay(100, limit.Token);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
