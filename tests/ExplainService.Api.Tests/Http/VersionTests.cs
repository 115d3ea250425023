using System.Text.Json.Nodes;
using System.Xml.Linq;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Http;

/// <summary>The service tells the version that Directory.Build.props gives it.</summary>
public sealed class VersionTests
{
    private static readonly string Version = XDocument
        .Load(Path.Combine(ReferenceData.Root, "Directory.Build.props"))
        .Descendants("Version")
        .Single()
        .Value;

    [Fact]
    public async Task The_live_answer_has_the_version()
    {
        await using var service = new FakeService();

        var live = await (await service.Client.GetAsync("/health/live")).JsonAsync();

        Assert.Equal($$"""{"status":"live","version":"{{Version}}"}""", live.ToJsonString());
    }

    [Fact]
    public async Task The_openapi_document_has_the_version()
    {
        await using var service = new FakeService();

        var document = JsonNode.Parse(await service.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;

        Assert.Equal(Version, (string?)document["info"]!["version"]);
    }

    [Fact]
    public async Task The_metrics_have_the_version_as_a_label()
    {
        await using var service = new FakeService();

        var metrics = await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Contains($"explain_build_info{{version=\"{Version}\"}} 1\n", metrics, StringComparison.Ordinal);
    }
}
