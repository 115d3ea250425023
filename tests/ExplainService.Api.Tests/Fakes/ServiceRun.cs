using System.Diagnostics;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>The service as a process of its own, for what only the process shows: its exit code and all that it prints.</summary>
internal static class ServiceRun
{
    /// <summary>Starts it with settings (<c>Runtime:Threads=4</c>) and waits for its end.</summary>
    public static async Task<(int ExitCode, string[] Lines, string Errors)> ToItsEndAsync(params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        var program = Path.Combine(AppContext.BaseDirectory, "ExplainService.Api.dll");
        foreach (var argument in (string[])[program, .. settings.Select(setting => "--" + setting)])
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
