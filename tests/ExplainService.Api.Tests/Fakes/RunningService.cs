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
    public static async Task<RunningService> StartAsync(params (string Key, string Value)[] environment)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri(FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}"));
        free.Stop();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ExplainService.Api.dll"));
        start.ArgumentList.Add("--urls=" + address);
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
