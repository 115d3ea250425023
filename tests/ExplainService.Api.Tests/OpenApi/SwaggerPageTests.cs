using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ExplainService.Api.Tests.OpenApi;

/// <summary>Swagger UI as it stands: the page, and what its "Execute" sends.</summary>
public sealed class SwaggerPageTests(Service service) : IClassFixture<Service>
{
    /// <summary>All but those of one job, which want the id of a job that has been posted: its own tests call them.</summary>
    public static TheoryData<string, string> Operations
    {
        get
        {
            var document = JsonNode.Parse(File.ReadAllText(DocumentTests.CheckedIn))!;
            return
            [
                .. document["paths"]!
                    .AsObject()
                    .Where(path => !path.Key.StartsWith("/jobs/{id}", StringComparison.Ordinal))
                    .SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Key))),
            ];
        }
    }

    /// <summary>The first of the content types, every example, every declared default.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Execute_succeeds_on_every_operation(string path, string verb)
    {
        var document = JsonNode.Parse(await service.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        var operation = document["paths"]![path]![verb]!;
        List<string> query = [];
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            var (name, value) = ((string)parameter!["name"]!, parameter["example"] ?? parameter["schema"]!["default"]);
            if ((string)parameter["in"]! == "path")
            {
                path = path.Replace("{" + name + "}", (string)value!, StringComparison.Ordinal);
            }
            else if (value is not null)
            {
                query.Add(name + "=" + Uri.EscapeDataString(value.ToString()));
            }
        }

        using var request = new HttpRequestMessage(
            new HttpMethod(verb),
            new Uri(path + (query.Count > 0 ? "?" + string.Join('&', query) : ""), UriKind.Relative)
        );
        if (operation["requestBody"]?["content"]?.AsObject().First() is { Value: { } body } content)
        {
            request.Content = new StringContent(body["example"]!.ToJsonString(), Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(content.Key);
        }

        var success = operation["responses"]!.AsObject().First(response => response.Key.StartsWith('2')).Value!;
        request.Headers.Accept.ParseAdd(success["content"]!.AsObject().First().Key);
        using var response = await service.Client.SendAsync(request);

        Assert.True(response.IsSuccessStatusCode, $"{verb} {request.RequestUri}: {await response.Content.ReadAsStringAsync()}");
    }

    [Theory]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/index.js")]
    [InlineData("/v1/swagger/index.html")]
    public async Task The_page_runs_its_own_files_alone(string path)
    {
        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(200, (int)response.StatusCode);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
    }
}
