using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Hosting;

/// <summary>A setting that cannot be meant keeps the service from starting, in one line that names it.</summary>
public sealed class StartFailureTests
{
    [Theory]
    [InlineData("Runtime:Threads=-4", "Runtime:Threads is -4; it must be from 0 to 1024")]
    [InlineData("Runtime:Threads=100000", "Runtime:Threads is 100000; it must be from 0 to 1024")]
    [InlineData("Runtime:Threads=abc", "'abc' at 'Runtime:Threads'")]
    [InlineData("Runtime:TokenBudget=-1", "Runtime:TokenBudget is -1")]
    [InlineData("Runtime:MaxQueueSeconds=-1", "Runtime:MaxQueueSeconds is -1")]
    [InlineData("Runtime:MaxQueueSeconds=NaN", "Runtime:MaxQueueSeconds is NaN")]
    [InlineData("Runtime:AgeingSeconds=-1", "Runtime:AgeingSeconds is -1")]
    [InlineData("Runtime:CacheMegabytes=-1", "Runtime:CacheMegabytes is -1")]
    [InlineData("Runtime:Workers=-3", "Runtime:Workers is -3")]
    [InlineData("Runtime:Provider=cudaa", "Runtime:Provider is cudaa; it must be cpu, cuda, or the path of")]
    [InlineData("Runtime:PrefixSharing=perhaps", "'perhaps' at 'Runtime:PrefixSharing'")]
    [InlineData("Limits:DrainSeconds=-5", "Limits:DrainSeconds is -5; it must be from 0 to 3600")]
    [InlineData("Limits:DrainSeconds=abc", "'abc' at 'Limits:DrainSeconds'")]
    [InlineData("Limits:StreamWindow=0", "Limits:StreamWindow is 0")]
    [InlineData("Models:Files=x.onnx", "Models:Files is 'x.onnx'; it has a key for each model, such as Models:Files:my-model")]
    [InlineData("Models:Files:a=../b/model.onnx", "Models:Files:a is '../b/model.onnx'; it must be a path inside the model's folder")]
    [InlineData("Models:Files:a=/b/model.onnx", "Models:Files:a is '/b/model.onnx'; it must be a path inside the model's folder")]
    [InlineData("Models:Files:a=", "Models:Files:a is ''")]
    [InlineData("Cors:Origins=notaurl", "Cors:Origins holds 'notaurl'")]
    [InlineData("Cors:Origins=https://a.example/path", "Cors:Origins holds 'https://a.example/path'")]
    [InlineData("Cors:Origins=localhost:3000", "Cors:Origins holds 'localhost:3000'")]
    [InlineData("urls=nonsense", "urls holds 'nonsense'; an address is like http://127.0.0.1:8080")]
    [InlineData("urls=http://127.0.0.1:18x", "urls holds 'http://127.0.0.1:18x'")]
    [InlineData("urls=http://*:0;http://127.0.0.1:99999", "urls holds 'http://127.0.0.1:99999'")]
    [InlineData("urls=http://127.0.0.1:-1", "urls holds 'http://127.0.0.1:-1'")]
    [InlineData("urls=http://[::1]:80x", "urls holds 'http://[::1]:80x'")]
    [InlineData("urls=http://locahost:8080", "urls holds 'http://locahost:8080'")]
    [InlineData("urls=http://127.0.0.1:0/explain", "urls holds 'http://127.0.0.1:0/explain'")]
    [InlineData("urls=tcp://127.0.0.1:0", "urls holds 'tcp://127.0.0.1:0'")]
    [InlineData("http_ports=abc", "http_ports holds 'abc'; a port is from 0 to 65535")]
    [InlineData("https_ports=8443;70000", "https_ports holds '70000'")]
    [InlineData("Kestrel:Endpoints:Main:Url=http://127.0.0.1:18x", "Kestrel:Endpoints:Main:Url holds 'http://127.0.0.1:18x'")]
    public async Task A_wrong_setting_is_named(string setting, string reason) =>
        await RefusesAsync(reason, "urls=http://127.0.0.1:0", setting);

    [Theory]
    [InlineData(30)]
    [InlineData(150)]
    public async Task Too_few_files_are_said_in_one_line(int most)
    {
        var (exitCode, lines, errors) = await ServiceRun.WithFilesAsync(most, "urls=http://127.0.0.1:0");

        Assert.Equal(1, exitCode);
        Assert.Contains("may open too few files; raise its limit (ulimit -n)", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Equal("", errors);
    }

    [Fact]
    public async Task Several_wrong_settings_are_named_at_once() =>
        await RefusesAsync(
            "Runtime:Threads is -4; it must be from 0 to 1024; Runtime:Workers is 0;",
            "Runtime:Threads=-4",
            "Runtime:Workers=0"
        );

    [Theory]
    [InlineData("cuda")]
    [InlineData("ExplainService.Api.dll")]
    public async Task A_provider_that_is_not_to_be_had_is_named(string provider) =>
        await RefusesAsync(
            $"Runtime:Provider '{provider}' cannot be used here: ",
            "urls=http://127.0.0.1:0",
            "Runtime:Provider=" + (provider == "cuda" ? provider : Path.Combine(AppContext.BaseDirectory, provider))
        );

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        await RefusesAsync($"Failed to bind to address {url}: address already in use.", "urls=" + url);
    }

    [Fact]
    public async Task A_misspelt_setting_is_said_while_the_service_starts()
    {
        await using var service = new FakeService(
            settings:
            [
                ("Runtime:Treads", "4"),
                ("Limits:DrainSecond", "4"),
                ("Models:Preload", "good"),
                ("Models:Files:good", "onnx/model.onnx"),
                ("Models:Files:godo", "model.onnx"),
            ]
        );

        await service.Logs.WaitForAsync("\"@l\":\"Warning\"", "\"Setting\":\"Runtime:Treads\"", "Threads, Provider");
        await service.Logs.WaitForAsync("\"@l\":\"Warning\"", "\"Setting\":\"Limits:DrainSecond\"");
        await service.Logs.WaitForAsync("\"@l\":\"Warning\"", "\"Setting\":\"Models:Files:godo\"", "broken, good");
        Assert.Equal(3, service.Logs.Lines.Count(line => line.Contains("\"Setting\":", StringComparison.Ordinal)));
    }

    private static async Task RefusesAsync(string reason, params string[] settings)
    {
        var (exitCode, lines, errors) = await ServiceRun.ToItsEndAsync(settings);

        Assert.Equal("", errors);
        var line = JsonNode.Parse(Assert.Single(lines, line => line.Contains("\"Fatal\"", StringComparison.Ordinal)))!;
        Assert.Equal(1, exitCode);
        Assert.Equal("Fatal", (string?)line["@l"]);
        Assert.Contains(reason, (string?)line["Reason"], StringComparison.Ordinal);
        Assert.All(lines, other => Assert.DoesNotContain("\"@x\"", other, StringComparison.Ordinal));
    }
}
