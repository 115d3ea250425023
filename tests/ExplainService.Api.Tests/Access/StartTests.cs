using ExplainService.Api.Access;
using ExplainService.Api.Hosting;
using ExplainService.Api.Tests.Fakes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Tests.Access;

/// <summary>A service that others can reach, without keys.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("urls", "http://localhost:8080", null)]
    [InlineData("urls", "http://127.0.0.2:0;http://[::1]:0", null)]
    [InlineData("urls", "http://unix:/tmp/explain.sock", null)]
    [InlineData("urls", "http://localhost:8080;http://*:8081", "http://*:8081")]
    [InlineData("urls", "http://+:80", "http://+:80")]
    [InlineData("urls", "http://0.0.0.0:80", "http://0.0.0.0:80")]
    [InlineData("urls", "http://192.0.2.1:80;https://[::]:443", "http://192.0.2.1:80 https://[::]:443")]
    [InlineData("http_ports", "8080;8081", "*:8080 *:8081")]
    [InlineData("Kestrel:Endpoints:Inside:Url", "https://10.0.0.1:443", "https://10.0.0.1:443")]
    public void Addresses_beyond_this_machine_are_known(string key, string value, string? open)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build();

        Assert.Equal(open ?? "", string.Join(' ', ListeningAddresses.BeyondThisMachine(configuration)));
    }

    [Fact]
    public async Task It_warns_in_one_line_unless_there_are_keys()
    {
        await using var open = new FakeService(settings: ("urls", "http://*:0"));
        await using var guarded = new FakeService(settings: [("urls", "http://*:0"), .. TestKeys.Settings(0, "ann")]);

        await open.Logs.WaitForAsync("Whoever reaches", "http://*:0", "Auth:Keys");
        Assert.Single(open.Logs.Lines, line => line.Contains("Auth:Keys", StringComparison.Ordinal));
        Assert.DoesNotContain(guarded.Logs.Lines, line => line.Contains("Whoever reaches", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Auth:Keys", "ann:8f43", "Auth:Keys is a list")]
    [InlineData("Auth:Keys:0:Models:0", "", "Auth:Keys:0:Models holds an empty item")]
    [InlineData("Auth:Keys:0:Scopes:0", "", "Auth:Keys:0:Scopes holds an empty item")]
    public void A_restriction_that_would_be_none_ends_the_start(string key, string value, string wrong)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                .. TestKeys.Settings(0, "ann").Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)),
                KeyValuePair.Create(key, (string?)value),
            ])
            .Build();

        var refused = Assert.Throws<OptionsValidationException>(() => AuthSettings.Read(configuration));
        Assert.Contains(refused.Failures, failure => failure.StartsWith(wrong, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_refuses_to_start_where_keys_are_required()
    {
        var (exitCode, lines, _) = await ServiceRun.ToItsEndAsync("urls=http://*:0", "Auth:Required=true");

        Assert.Equal(1, exitCode);
        Assert.Contains(
            "Auth:Required is true, and there is neither Auth:Keys nor Auth:Authority, while it would listen at http://*:0",
            lines[^1],
            StringComparison.Ordinal
        );
    }
}
