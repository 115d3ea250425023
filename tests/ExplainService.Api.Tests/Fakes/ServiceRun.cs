using System.Diagnostics;
using ExplainService.Goldens;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>The service as a process of its own, for what only the process shows: its exit code and all that it prints.</summary>
internal static class ServiceRun
{
    /// <summary>Starts it with settings (<c>Runtime:Threads=4</c>) and waits for its end.</summary>
    public static Task<(int ExitCode, string[] Lines, string Errors)> ToItsEndAsync(params string[] settings) =>
        RunAsync("dotnet", [.. Arguments(settings)]);

    /// <summary>The same with so few file descriptors.</summary>
    public static Task<(int ExitCode, string[] Lines, string Errors)> WithFilesAsync(int most, params string[] settings) =>
        RunAsync("bash", ["-c", FormattableString.Invariant($"ulimit -n {most}; exec dotnet \"$@\""), "bash", .. Arguments(settings)]);

    /// <summary>Runs <c>audit</c> with arguments, over the bundled models.</summary>
    public static Task<(int ExitCode, string[] Lines, string Errors)> AuditAsync(params string[] arguments) =>
        RunAsync(
            "bash",
            [
                "-c",
                "Models__Directory=\"$0\" exec dotnet \"$@\"",
                ReferenceData.BundledModels,
                Path.Combine(AppContext.BaseDirectory, "ExplainService.Api.dll"),
                "audit",
                .. arguments,
            ]
        );

    /// <summary>Runs a command of the program's own.</summary>
    public static Task<(int ExitCode, string[] Lines, string Errors)> CommandAsync(params string[] arguments) =>
        RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "ExplainService.Api.dll"), .. arguments]);

    private static IEnumerable<string> Arguments(string[] settings) =>
        settings.Select(setting => "--" + setting).Prepend(Path.Combine(AppContext.BaseDirectory, "ExplainService.Api.dll"));

    private static async Task<(int ExitCode, string[] Lines, string Errors)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            var (lines, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(Patience.Ample);
            return (process.ExitCode, (await lines).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
        }
        finally
        {
            process.Kill();
        }
    }
}
