using System.Text.Json.Nodes;
using ExplainService.Methods.Contracts;

namespace ExplainService.Api.Tests.OpenApi;

/// <summary>What the document shows as a request, asked of the bundled model.</summary>
public sealed class ExampleTests(Service service) : IClassFixture<Service>
{
    [Theory]
    [MemberData(nameof(CataloguePaths.All), MemberType = typeof(CataloguePaths))]
    public async Task The_example_of_an_endpoint_is_answered_with_every_field_of_it_in_use(string path)
    {
        var document = JsonNode.Parse(await service.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        var example = document["paths"]![path]!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]!;
        var answer = await service.AskAsync<Explanation>(path, example.ToJsonString());
        Assert.DoesNotContain(WarningCode.FieldIgnored, answer.WarningCodes);
    }
}
