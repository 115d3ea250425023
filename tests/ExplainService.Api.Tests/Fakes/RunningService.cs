using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ExplainService.Goldens;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>The service as a process of its own while it runs: under a limit of memory, with a log that nobody reads, told to end.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly Process process;

    private RunningService(Process process, Uri address)
    {
        this.process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = Patience.Ample };
    }

    public HttpClient Client { get; }

    /// <summary>Starts it with the bundled models, and waits until it is ready. Nothing that it prints is read.</summary>
    /// <param name="environment">Variables of its environment.</param>
    public static Task<RunningService> StartAsync(params (string Key, string Value)[] environment) => StartAsync("dotnet", [], environment);

    /// <summary>The same where no file may become larger: as on a full disk, writing fails.</summary>
    /// <param name="kilobytes">Of a file.</param>
    /// <param name="environment">Variables of its environment.</param>
    public static Task<RunningService> StartLimitedAsync(int kilobytes, params (string Key, string Value)[] environment) =>
        StartAsync(
            "bash",
            ["-c", FormattableString.Invariant($"trap '' XFSZ; ulimit -f {kilobytes}; exec dotnet \"$@\""), "bash"],
            // The runtime's own code is in a file of memory, which the limit would hold too.
            [.. environment, ("DOTNET_EnableWriteXorExecute", "0")]
        );

    private static async Task<RunningService> StartAsync(string program, string[] before, (string Key, string Value)[] environment)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri(FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}"));
        free.Stop();
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            var argument in (string[])[.. before, Path.Combine(AppContext.BaseDirectory, "ExplainService.Api.dll"), "--urls=" + address]
        )
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["Models__Directory"] = ReferenceData.BundledModels;
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var service = new RunningService(Process.Start(start)!, address);
        await Patience.UntilAsync(service.IsReadyAsync, () => "The service does not start.");
        return service;
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", FormattableString.Invariant($"-TERM {process.Id}"));
        await process.WaitForExitAsync().WaitAsync(Patience.Ample);
        return process.ExitCode;
    }

    /// <summary>Kills it as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(process.HasExited, "The service has ended.");
        try
        {
            using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
