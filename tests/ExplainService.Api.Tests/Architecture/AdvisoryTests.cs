using System.Diagnostics;
using System.Runtime.Versioning;
using ExplainService.Goldens;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Architecture;

/// <summary>The step of continuous integration that asks for advisories, over a <c>dotnet</c> that lists what a test has it list.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AdvisoryTests : IDisposable
{
    private const string Advisory = """
        { "id": "Some.Package", "resolvedVersion": "1.2.3", "vulnerabilities": [ { "severity": "High", "advisoryurl": "https://github.com/advisories/GHSA-0000" } ] }
        """;

    private readonly DirectoryInfo tools = Directory.CreateTempSubdirectory("explain-advisories-");

    public void Dispose() => tools.Delete(recursive: true);

    [Fact]
    public async Task An_advisory_on_a_package_of_the_service_is_a_failure_that_names_it()
    {
        var (exitCode, output) = await CheckAsync(service: Advisory, known: Advisory);

        Assert.Equal(1, exitCode);
        Assert.Contains("Some.Package", output, StringComparison.Ordinal);
        Assert.Contains("GHSA-0000", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task None_on_the_service_is_said_where_the_source_knows_some()
    {
        var (exitCode, output) = await CheckAsync(service: "{}", known: Advisory);

        Assert.Equal((0, "No advisories on the packages of the service"), (exitCode, output.Trim()));
    }

    [Theory]
    [InlineData("{}", "{}", "the package source knows none")]
    [InlineData("", "{}", "could not be listed")]
    public async Task A_source_that_knows_none_or_cannot_be_asked_is_said_and_no_failure(string service, string known, string words)
    {
        var (exitCode, output) = await CheckAsync(service, known);

        Assert.Equal(0, exitCode);
        Assert.Contains("Advisories were not checked", output, StringComparison.Ordinal);
        Assert.Contains(words, output, StringComparison.Ordinal);
    }

    /// <summary>Runs the step.</summary>
    /// <param name="service">What is listed of the service; empty: listing fails.</param>
    /// <param name="known">What is listed of a package with advisories.</param>
    private async Task<(int ExitCode, string Output)> CheckAsync(string service, string known)
    {
        await File.WriteAllTextAsync(Path.Combine(tools.FullName, "service"), service);
        await File.WriteAllTextAsync(Path.Combine(tools.FullName, "known"), known);
        var dotnet = Path.Combine(tools.FullName, "dotnet");
        await File.WriteAllTextAsync(
            dotnet,
            """
            #!/usr/bin/env bash
            case "$1 $2" in
              "list src/"*) [ -s "$(dirname "$0")/service" ] && cat "$(dirname "$0")/service" ;;
              list*) cat "$(dirname "$0")/known" ;;
            esac
            """
        );
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("bash", [Path.Combine(ReferenceData.Root, ".ci", "advisories")]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = tools.FullName + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience.Ample);
        await process.WaitForExitAsync().WaitAsync(Patience.Ample);
        return (process.ExitCode, output);
    }
}
