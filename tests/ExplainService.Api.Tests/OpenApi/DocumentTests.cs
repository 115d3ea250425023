using System.Text.Json.Nodes;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Goldens;
using ExplainService.Methods;
using ExplainService.Methods.Saliency;

namespace ExplainService.Api.Tests.OpenApi;

/// <summary>
/// <c>openapi/openapi.json</c> is the document that the service publishes. After a change to the contract it is written anew by this test
/// with UPDATE_OPENAPI=1 (CONTRIBUTING.md).
/// </summary>
public sealed class DocumentTests
{
    public static readonly string CheckedIn = Path.Combine(ReferenceData.Root, "openapi", "openapi.json");

    [Fact]
    public async Task The_checked_in_document_is_the_published_one()
    {
        var published = await PublishedAsync();
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") is "1" or "true")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(CheckedIn)!);
            await File.WriteAllTextAsync(CheckedIn, published, TestContext.Current.CancellationToken);
        }

        Assert.True(
            File.Exists(CheckedIn)
                && (await File.ReadAllTextAsync(CheckedIn, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n") == published,
            "openapi/openapi.json is not what the service publishes: write it anew (CONTRIBUTING.md, The API) and read the difference."
        );
    }

    [Fact]
    public async Task The_document_says_of_every_endpoint_what_api_md_says()
    {
        var document = JsonNode.Parse(await PublishedAsync())!;
        var schemas = document["components"]!["schemas"]!;

        Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
        foreach (var path in MethodCatalog.Default.Methods.Select(method => method.Path))
        {
            var operation = document["paths"]![path]!["post"]!;
            Assert.NotNull(operation["requestBody"]!["content"]!["application/json"]!["example"]);
            Assert.NotNull(operation["requestBody"]!["content"]!["application/x-ndjson"]);
            Assert.NotNull(operation["responses"]!["422"]!["content"]!["application/problem+json"]);
            Assert.NotNull(operation["responses"]!["429"]!["headers"]!["Retry-After"]);
        }

        var saliency = schemas["SaliencyRequest"]!;
        Assert.Equal(SaliencyAlgorithms.Names, saliency["properties"]!["method"]!["enum"]!.AsArray().Select(value => (string?)value));

        // Messages may stand in place of the text.
        Assert.Null(saliency["required"]);
        Assert.Contains("required, unless", (string?)saliency["properties"]!["text"]!["description"], StringComparison.Ordinal);
        Assert.Equal(["content", "role"], schemas["MessageRequest"]!["required"]!.AsArray().Select(field => (string?)field));
        Assert.False((bool)saliency["additionalProperties"]!);
        Assert.Contains("oneOf", schemas["TargetRequest"]!["properties"]!["label"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace((string?)saliency["properties"]!["steps"]!["description"]));
        Assert.DoesNotContain("ExplainService.", schemas.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Swagger_shows_it_without_a_network()
    {
        await using var service = new FakeService();

        var page = await service.Client.GetStringAsync(new Uri("/swagger/index.html", UriKind.Relative));

        Assert.Contains("swagger-ui", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        var script = await service.Client.GetByteArrayAsync(new Uri("/swagger/swagger-ui-bundle.js", UriKind.Relative));
        Assert.True(script.Length > 100_000);
    }

    private static async Task<string> PublishedAsync()
    {
        await using var service = new FakeService();
        return (await service.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).ReplaceLineEndings("\n");
    }
}
