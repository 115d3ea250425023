using System.Net.Http.Headers;
using System.Text;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Http;

/// <summary>What a page of another site can have a browser send without a preflight changes nothing.</summary>
public sealed class CrossSiteTests
{
    private const string Json = """{"text": "a"}""";

    [Theory]
    [InlineData("POST", "/predict", "Sec-Fetch-Site", "cross-site")]
    [InlineData("POST", "/predict", "Origin", "https://evil.example")]
    [InlineData("POST", "/predict", "Origin", "null")]
    [InlineData("POST", "/v1/models/good/load", "Sec-Fetch-Site", "cross-site")]
    [InlineData("POST", "/models/good/load", "Origin", "https://evil.example")]
    [InlineData("POST", "/models/good/unload", "Origin", "http://127.0.0.1:1")]
    [InlineData("GET", "/models/good", "Sec-Fetch-Site", "cross-site")]
    public async Task What_comes_from_another_site_is_a_403(string verb, string path, string header, string value)
    {
        await using var service = new FakeService();
        using var response = await SendAsync(service, verb, path, header, value);

        await response.ProblemAsync(403);
        Assert.Null(service.Explainer.Last);
    }

    [Theory]
    [InlineData("POST", "/predict", "Sec-Fetch-Site", "same-origin")]
    [InlineData("POST", "/predict", "Sec-Fetch-Site", "none")]
    [InlineData("POST", "/predict", "Origin", "own")]
    [InlineData("POST", "/models/good/load", "Origin", "own")]
    [InlineData("POST", "/predict", "Origin", "https://notes.example")]
    [InlineData("GET", "/", "Sec-Fetch-Site", "cross-site")]
    [InlineData("GET", "/health/live", "Sec-Fetch-Site", "cross-site")]
    public async Task Its_own_pages_sites_that_are_allowed_and_links_to_it_are_let_in(string verb, string path, string header, string value)
    {
        await using var service = new FakeService(settings: ("Cors:Origins", "https://notes.example"));
        var origin = service.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        using var response = await SendAsync(service, verb, path, header, value == "own" ? origin : value);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Every_site_is_let_in_where_every_one_is_allowed()
    {
        await using var service = new FakeService(settings: ("Cors:Origins", "*"));
        using var response = await SendAsync(service, "POST", "/predict", "Origin", "https://any.example");

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/predict", "text/plain")]
    [InlineData("/predict", "application/x-www-form-urlencoded")]
    [InlineData("/predict", null)]
    [InlineData("/models/good/load", "text/plain")]
    [InlineData("/models/good/unload", "multipart/form-data; boundary=x")]
    [InlineData("/models/good/unload", null)]
    public async Task A_body_of_a_type_that_forms_send_is_a_415(string path, string? type)
    {
        await using var service = new FakeService();
        using var response = await service.PostAsync(path, Encoding.UTF8.GetBytes(Json), type);

        await response.ProblemAsync(415);
    }

    private static async Task<HttpResponseMessage> SendAsync(FakeService service, string verb, string path, string header, string value)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        if (path.EndsWith("/predict", StringComparison.Ordinal))
        {
            request.Content = new StringContent(Json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        request.Headers.TryAddWithoutValidation(header, value);
        return await service.Client.SendAsync(request);
    }
}
