using System.Net;
using System.Text;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Http;

/// <summary>What HTTP itself promises: routes, methods, media types, sizes.</summary>
public sealed class HttpContractTests
{
    private const string Body = """{"text": "a"}""";

    [Theory]
    [MemberData(nameof(CataloguePaths.All), MemberType = typeof(CataloguePaths))]
    public async Task Every_route_also_answers_under_v1(string path)
    {
        await using var service = new FakeService();

        using var plain = await service.PostAsync(path, Body);
        using var versioned = await service.PostAsync("/v1" + path, Body);

        Assert.Equal("application/json", plain.Content.Headers.ContentType?.MediaType);
        Assert.Equal((await plain.JsonAsync()).ToJsonString(), (await versioned.JsonAsync()).ToJsonString());
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/v1/health/live")]
    [InlineData("/v1/health/ready")]
    [InlineData("/v1/metrics")]
    [InlineData("/v1/openapi/v1.json")]
    public async Task Reading_routes_answer_under_v1_too(string path)
    {
        await using var service = new FakeService();

        using var response = await service.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/models")]
    [InlineData("/models/broken")]
    [InlineData("/v1/models")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/")]
    public async Task HEAD_answers_as_GET_does_without_a_body(string path)
    {
        await using var service = new FakeService(settings: ("Models:Preload", ""));
        using var request = new HttpRequestMessage(HttpMethod.Head, path);

        using var response = await service.Client.SendAsync(request);
        using var read = await service.Client.GetAsync(path);

        Assert.Equal(read.StatusCode, response.StatusCode);
        Assert.Equal(read.Content.Headers.ContentType, response.Content.Headers.ContentType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("identity", 200)]
    [InlineData("Identity", 200)]
    [InlineData("gzip", 415)]
    [InlineData("identity, gzip", 415)]
    public async Task Only_bodies_as_they_are_are_read(string coding, int status)
    {
        await using var service = new FakeService();
        using var content = new StringContent(Body, Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);

        using var response = await service.Client.PostAsync("/predict", content);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/v1/nowhere")]
    [InlineData("/v2/predict")]
    [InlineData("/predict/more")]
    public async Task An_unknown_route_is_a_404(string path)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync(path, Body);

        await response.ProblemAsync(404);
    }

    [Theory]
    [InlineData("GET", "/predict")]
    [InlineData("PUT", "/v1/shap")]
    [InlineData("DELETE", "/models/good")]
    [InlineData("POST", "/health/live")]
    public async Task A_wrong_method_is_a_405_that_says_which_is_right(string method, string path)
    {
        await using var service = new FakeService();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await service.Client.SendAsync(request);

        await response.ProblemAsync(405);
        Assert.NotEmpty(response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    public async Task A_wrong_content_type_is_a_415(string? type)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", Encoding.UTF8.GetBytes(Body), type);

        await response.ProblemAsync(415);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/vnd.explain+json")]
    public async Task JSON_by_any_of_its_names_is_read(string type)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", Body, type);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_megabyte_of_text_is_within_the_limit_of_a_body()
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", $$"""{"text": "{{new string('a', 1 << 20)}}"}""");

        Assert.Equal(1 << 20, ((string)(await response.JsonAsync())["units"]![0]!["text"]!).Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_a_413(bool chunked)
    {
        await using var service = new FakeService(settings: ("Limits:MaxBodyBytes", "4096"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict")
        {
            Content = new StringContent($$"""{"text": "{{new string('a', 3 << 20)}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await service.Client.SendAsync(request);

        await response.ProblemAsync(413);
    }

    [Fact]
    public async Task Large_answers_are_compressed_for_those_who_ask()
    {
        await using var service = new FakeService();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict")
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.AcceptEncoding.ParseAdd("gzip");

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("https://notes.example", true)]
    [InlineData("https://other.example", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://[::1]:3000", true)]
    [InlineData("https://elsewhere.example", false)]
    public async Task Pages_of_configured_origins_may_call(string origin, bool allowed)
    {
        const string Origins = "https://notes.example, https://Other.example:443/, http://localhost:3000/, http://[::1]:3000";
        await using var service = new FakeService(settings: ("Cors:Origins", Origins));
        using var request = new HttpRequestMessage(HttpMethod.Options, "/predict");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type");

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(allowed, response.Headers.Contains("Access-Control-Allow-Origin"));
    }
}
