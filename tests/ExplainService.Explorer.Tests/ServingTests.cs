using System.Net;
using ExplainService.Goldens;

namespace ExplainService.Explorer.Tests;

/// <summary>How the files are served.</summary>
[Collection(typeof(InBrowser))]
public sealed class ServingTests(BrowserFixture browser)
{
    private static readonly string Root = Path.Combine(ReferenceData.Root, "src", "ExplainService.Api", "Explorer", "wwwroot");

    public static TheoryData<string> Files =>
        new(
            Directory
                .GetFiles(Root, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                .Where(path => path is not ("index.html" or "jobs/index.html"))
        );

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_is_served_as_it_stands(string path)
    {
        using var answer = await browser.Http.GetAsync(new Uri("/explorer/" + path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Root, path)), await answer.Content.ReadAsByteArrayAsync());
        Assert.InRange(File.ReadLines(Path.Combine(Root, path)).Count(), 1, 200);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/")]
    [InlineData("/explorer/app.js")]
    [InlineData("/explorer/views/stage.js")]
    public async Task Files_are_asked_about_each_time_and_sent_once(string path)
    {
        using var first = await browser.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.True(first.Headers.CacheControl!.NoCache);
        var tag = first.Headers.ETag!;

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(tag);
        using var second = await browser.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(tag, second.Headers.ETag);
    }

    [Fact]
    public async Task The_page_has_a_strict_policy_and_answers_HEAD()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        using var answer = await browser.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            policy,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/explorer/index.html")]
    [InlineData("/explorer/jobs/index.html")]
    [InlineData("/explorer/../appsettings.json")]
    [InlineData("/explorer/nothing.js")]
    public async Task What_is_no_file_of_the_explorer_is_not_found(string path)
    {
        using var answer = await browser.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Swagger_is_served_beside_the_explorer()
    {
        using var answer = await browser.Http.GetAsync(new Uri("/swagger/index.html", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
