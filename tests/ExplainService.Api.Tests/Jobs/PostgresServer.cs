using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>A PostgreSQL of a test's own, from Debian's package, on loopback and in a temporary folder. It refuses to run as root.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-pg-");
    private readonly int port;

    private PostgresServer() => port = FreePort();

    /// <summary>What <c>Jobs:Storage</c> is set to.</summary>
    public string Storage => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Database=postgres;Username={User}");

    private string Data => Path.Combine(folder.FullName, "data");

    /// <summary>Makes one and starts it.</summary>
    public static async Task<PostgresServer> NewAsync()
    {
        var server = new PostgresServer();
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", User, server.folder.FullName);
        }

        await server.CommandAsync("initdb", "-D", server.Data, "-A", "trust", "-U", User);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, on the port that it had before.</summary>
    public Task StartAsync() =>
        CommandAsync(
            "pg_ctl",
            "-D",
            Data,
            "-l",
            Path.Combine(folder.FullName, "log"),
            "-w",
            "-t",
            "300",
            "-o",
            string.Create(CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"),
            "start"
        );

    /// <summary>Stops it as a crash would: without a word to anybody.</summary>
    public Task StopAsync() => CommandAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }

    private async Task CommandAsync(string name, params string[] arguments)
    {
        var program = Directory
            .EnumerateDirectories("/usr/lib/postgresql")
            .Select(version => Path.Combine(version, "bin", name))
            .Last(File.Exists);
        await (
            Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", User, "--", program, .. arguments]) : RunAsync(program, arguments)
        );
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // What the server inherits it holds open: nothing of it is read.
        var start = new ProcessStartInfo("bash") { WorkingDirectory = "/" };
        foreach (var argument in (string[])["-c", "exec \"$@\" >/dev/null 2>&1", "bash", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().WaitAsync(ExplainService.Testing.Patience.Ample);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
