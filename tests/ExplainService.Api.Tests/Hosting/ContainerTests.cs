using System.Diagnostics;
using System.Globalization;
using ExplainService.Api.Limits;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Goldens;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Hosting;

/// <summary>The image's own check of its health, run as Docker runs it.</summary>
public sealed class ContainerTests
{
    [Theory]
    [InlineData("good", "http://+:{0}")]
    [InlineData("good", "https://+:8443;http://127.0.0.1:{0}/")]
    [InlineData("good", "http://127.0.0.1:{0};http://127.0.0.1:1;https://+:8443")]
    [InlineData("good", "http://unix:/tmp/service.sock;http://*:{0}")]
    [InlineData("good", "http://[::]:{0}")]
    [InlineData("broken", "http://+:{0}")]
    public async Task The_image_s_check_asks_where_the_service_listens_whether_it_lives(string preload, string urls)
    {
        await using var service = new FakeService(settings: ("Models:Preload", preload));
        var port = service.Client.BaseAddress!.Port;
        var readiness = service.Services.GetRequiredService<Readiness>();
        await Patience.UntilAsync(() => readiness.Refusal(service.Models) != "Models are being loaded.");

        // Docker asks again too.
        var address = string.Format(CultureInfo.InvariantCulture, urls, port);
        await Patience.UntilAsync(async () => await CheckAsync(address) == 0);
    }

    [Fact]
    public async Task The_check_knows_ports_without_addresses()
    {
        await using var service = new FakeService();

        Assert.Equal(0, await CheckAsync("", ports: FormattableString.Invariant($"{service.Client.BaseAddress!.Port};1")));
    }

    [Theory]
    [InlineData("http://+:1")]
    [InlineData("https://+:8443")]
    public async Task A_service_that_is_not_there_is_unhealthy(string urls) => Assert.NotEqual(0, await CheckAsync(urls));

    private static async Task<int> CheckAsync(string urls, string ports = "")
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(ReferenceData.Root, "deploy", "docker", "health.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = urls;
        start.Environment["ASPNETCORE_HTTP_PORTS"] = ports;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().WaitAsync(Patience.Ample);
        return process.ExitCode;
    }
}
