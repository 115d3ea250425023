using ExplainService.Api.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExplainService.Api.Tests.Hosting;

/// <summary>Every form of address that Kestrel understands; what it would misread is among the failures of the start.</summary>
public sealed class ListeningAddressesTests
{
    [Theory]
    [InlineData("--urls=http://+:8080")]
    [InlineData("--urls=http://*:8080/")]
    [InlineData("--urls=http://[::1]:8080")]
    [InlineData("--urls=http://0.0.0.0")]
    [InlineData("--urls=http://localhost:8080;https://+:8443")]
    [InlineData("--http_ports=8080;0")]
    [InlineData("--Kestrel:Endpoints:Main:Url=http://*:8080")]
    public void An_address_that_can_be_meant_is_not_refused(string setting) =>
        WebApplication.CreateBuilder([setting]).ListenWhereConfigured();

    [Fact]
    public async Task The_service_listens_on_each_of_several_addresses()
    {
        var folder = Directory.CreateTempSubdirectory("listening-");
        var socket = $"http://unix:{folder.FullName}/service.sock";
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0;" + socket]);
        builder.Logging.ClearProviders();
        builder.ListenWhereConfigured();
        await using var app = builder.Build();

        await app.StartAsync(TestContext.Current.CancellationToken);

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Assert.Collection(
            addresses,
            address => Assert.StartsWith("http://127.0.0.1:", address, StringComparison.Ordinal),
            address => Assert.Equal(socket, address)
        );
        await app.StopAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
    }
}
