using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Hosting;

/// <summary>The image's own check of its health, run as Docker runs it.</summary>
public sealed partial class ContainerTests
{
    [Theory]
    [InlineData("good", 0)]
    [InlineData("broken", 1)]
    public async Task The_image_s_check_follows_readiness(string preload, int exitCode)
    {
        await using var service = new FakeService(settings: ("Models:Preload", preload));
        var port = service.Client.BaseAddress!.Port;
        await service.Logs.WaitForAsync(preload == "good" ? "preloaded in" : "cannot be served");

        // Docker asks again too.
        var found = await CheckAsync(port);
        for (var attempt = 0; found != exitCode && attempt < 20; attempt++)
        {
            found = await CheckAsync(port);
        }

        Assert.Equal(exitCode, found);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unhealthy() => Assert.NotEqual(0, await CheckAsync(1));

    private static async Task<int> CheckAsync(int port)
    {
        var dockerfile = await File.ReadAllTextAsync(Path.Combine(ReferenceData.Root, "Dockerfile"));
        var check = HealthCommand().Match(dockerfile).Groups[1].Value.Replace("/8080", $"/{port}", StringComparison.Ordinal);
        var command = JsonSerializer.Deserialize<string[]>(check)!;
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        return process.ExitCode;
    }

    [GeneratedRegex(@"HEALTHCHECK[^\[]*CMD (\[.*\])")]
    private static partial Regex HealthCommand();
}
