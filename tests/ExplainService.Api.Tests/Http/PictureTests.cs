using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Http;

/// <summary>Pictures over real HTTP: chosen by <c>format</c> or <c>Accept</c>, strict options, nothing that runs.</summary>
public sealed class PictureTests
{
    private const string Body = """{"text": "good <b>film</b>"}""";

    [Theory]
    [InlineData("svg", "image/svg+xml")]
    [InlineData("png", "image/png")]
    [InlineData("html", "text/html")]
    public async Task Every_form_comes_by_format_and_by_Accept(string format, string mediaType)
    {
        await using var service = new FakeService();
        using var byFormat = await service.PostAsync("/saliency?format=" + format, Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/saliency")
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        using var byAccept = await service.Client.SendAsync(request);

        Assert.Equal(mediaType, byFormat.Content.Headers.ContentType?.MediaType);
        Assert.Equal(mediaType, byAccept.Content.Headers.ContentType?.MediaType);
        Assert.Equal(await byFormat.Content.ReadAsByteArrayAsync(), await byAccept.Content.ReadAsByteArrayAsync());
        Assert.Equal("Accept", byAccept.Headers.Vary.Single());
    }

    [Theory]
    [InlineData("svg")]
    [InlineData("html")]
    public async Task A_browser_is_told_to_run_and_to_load_nothing(string format)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/saliency?format=" + format, Body);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task The_text_is_in_the_picture_as_text()
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/saliency?format=svg&view=text", Body);

        var svg = XDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains("film", svg.Root!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "b");
    }

    [Theory]
    [InlineData("?format=svg&width=10", 400, "width")]
    [InlineData("?format=svg&colour=red", 400, "colour")]
    [InlineData("?format=gif", 400, "format")]
    [InlineData("?view=text", 400, "view")]
    [InlineData("?format=svg&view=waterfall", 422, "view")]
    public async Task Wrong_options_are_problems_that_name_them(string query, int status, string field)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/saliency" + query, Body);

        var problem = await response.ProblemAsync(status);
        Assert.Contains(field, problem.Errors!.Keys);
    }

    [Fact]
    public async Task A_wrong_option_is_refused_before_anything_is_computed()
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/saliency?format=svg&top=0", Body);

        await response.ProblemAsync(400);
        Assert.Null(service.Explainer.Last);
    }

    [Theory]
    [InlineData("/saliency?format=svg", null)]
    [InlineData("/saliency", "image/png")]
    public async Task A_stream_is_refused_as_a_picture(string path, string? accept)
    {
        await using var service = new FakeService();
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(Body + "\n", Encoding.UTF8, "application/x-ndjson"),
        };
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        using var response = await service.Client.SendAsync(request);

        var problem = await response.ProblemAsync(406);
        Assert.Contains("one request at a time", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_lists_options_and_views()
    {
        await using var service = new FakeService();

        var document = JsonNode.Parse(await service.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;

        var parameters = document["paths"]!["/attention"]!["post"]!["parameters"]!.AsArray();
        Assert.Equal(
            ["format", "view", "width", "theme", "palette", "top", "scale", "opacity", "patch", "layer", "head"],
            parameters.Select(parameter => (string?)parameter!["name"])
        );
        Assert.Contains("waterfall", parameters[1]!["schema"]!["enum"]!.AsArray().Select(name => (string?)name));
    }
}
