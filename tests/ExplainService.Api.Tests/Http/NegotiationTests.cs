using System.Text;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using ExplainService.Rendering.Output;
using Microsoft.AspNetCore.Http;

namespace ExplainService.Api.Tests.Http;

/// <summary><c>Accept</c> and <c>?format=</c> choose the form of an explanation.</summary>
public sealed class NegotiationTests
{
    [Theory]
    [InlineData("", null, null)]
    [InlineData("", "*/*", null)]
    [InlineData("", "application/*", null)]
    [InlineData("", "application/json", null)]
    [InlineData("", "application/json; charset=utf-8", null)]
    [InlineData("", "image/*, application/json;q=0.9", "svg")]
    [InlineData("", "image/svg+xml", "svg")]
    [InlineData("", "image/svg+xml;q=0.5, application/json;q=0.6", null)]
    [InlineData("", "image/svg+xml, */*;q=0.1", "svg")]
    [InlineData("", "application/json;q=0, */*", "svg")]
    [InlineData("", "text/html, */*;q=0.8", null)]
    [InlineData("?format=svg", "application/json", "svg")]
    [InlineData("?format=json", "image/svg+xml", null)]
    public void The_wanted_form_is_chosen(string query, string? accept, string? format)
    {
        Assert.Equal(format, Choose(query, accept)?.Name);
    }

    [Theory]
    [InlineData("", "text/csv")]
    [InlineData("", "image/png")]
    [InlineData("", "application/json;q=0")]
    [InlineData("?format=png", null)]
    public void A_form_that_is_not_on_offer_is_a_406(string query, string? accept)
    {
        Assert.Equal(406, Assert.Throws<RefusedRequestException>(() => Choose(query, accept)).Status);
    }

    [Fact]
    public void An_unknown_format_is_malformed()
    {
        var exception = Assert.Throws<InvalidRequestException>(() => Choose("?format=gif", null));

        Assert.False(exception.Impossible);
        Assert.Equal(["format"], exception.Errors.Keys);
    }

    [Fact]
    public async Task Over_HTTP_a_refused_form_is_a_problem()
    {
        await using var service = new FakeService();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict")
        {
            Content = new StringContent("""{"text": "a"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("text/csv");

        using var response = await service.Client.SendAsync(request);

        await response.ProblemAsync(406);
    }

    [Theory]
    [InlineData("?width=300", null, 400)]
    [InlineData("?format=json&theme=dark", null, 400)]
    [InlineData("?format=gif", null, 400)]
    [InlineData("?format=svg&width=300", null, 406)]
    [InlineData("", "image/svg+xml", 406)]
    [InlineData("?format=json", "application/x-ndjson", 200)]
    [InlineData("?format=json", null, 200)]
    [InlineData("?format=json&width=960&theme=auto&palette=blue_orange&top=20", null, 200)]
    [InlineData("?format=json&width=960&width=960", null, 400)]
    [InlineData("?format=json&width=961", null, 400)]
    public async Task A_stream_refuses_what_is_for_pictures_as_a_single_request_for_JSON_does(string query, string? accept, int status)
    {
        await using var service = new FakeService();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict" + query)
        {
            Content = new StringContent("""{"text": "a"}""", Encoding.UTF8, "application/x-ndjson"),
        };
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        using var response = await service.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    private static PictureFormat? Choose(string query, string? accept)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        if (accept is not null)
        {
            context.Request.Headers.Accept = accept;
        }

        return new Negotiation([new PictureFormat("svg", "image/svg+xml", (_, _, _) => [])]).Choose(context.Request)?.Format;
    }
}
