using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExplainService.Api.Hosting;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Goldens;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Hosting;

/// <summary>The image's own check of its health, run as Docker runs it.</summary>
public sealed partial class ContainerTests
{
    [Theory]
    [InlineData("good", "http://+:{0}")]
    [InlineData("good", "https://+:8443;http://127.0.0.1:{0}/")]
    [InlineData("broken", "http://+:{0}")]
    public async Task The_image_s_check_asks_where_the_service_listens_whether_it_lives(string preload, string urls)
    {
        await using var service = new FakeService(settings: ("Models:Preload", preload));
        var port = service.Client.BaseAddress!.Port;
        var readiness = service.Services.GetRequiredService<Readiness>();
        while (readiness.Refusal(service.Models) == "models are being loaded")
        {
            await Task.Delay(20);
        }

        // Docker asks again too.
        var address = string.Format(CultureInfo.InvariantCulture, urls, port);
        var found = await CheckAsync(address);
        for (var attempt = 0; found != 0 && attempt < 20; attempt++)
        {
            found = await CheckAsync(address);
        }

        Assert.Equal(0, found);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unhealthy() => Assert.NotEqual(0, await CheckAsync("http://+:1"));

    private static async Task<int> CheckAsync(string urls)
    {
        var dockerfile = await File.ReadAllTextAsync(Path.Combine(ReferenceData.Root, "Dockerfile"));
        var check = HealthCommand().Match(dockerfile).Groups[1].Value;
        var command = JsonSerializer.Deserialize<string[]>(check)!;
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = urls;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        return process.ExitCode;
    }

    [GeneratedRegex(@"HEALTHCHECK[^\[]*CMD (\[.*\])")]
    private static partial Regex HealthCommand();
}
