using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Access;

/// <summary>What every answer tells browsers, and whom the service believes.</summary>
public sealed class HeaderTests
{
    [Theory]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/models")]
    [InlineData("GET", "/no/such/path")]
    [InlineData("GET", "/")]
    [InlineData("GET", "/swagger/index.html")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("POST", "/predict")]
    [InlineData("PUT", "/predict")]
    public async Task Every_answer_has_them_a_problem_too(string verb, string path)
    {
        await using var service = new GuardedService();
        using var answer = await service.SendAsync(verb, path, verb == "GET" ? null : """{"text": "a"}""");

        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.Contains("default-src 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.CacheControl);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("10.1.0.0/16, 192.0.2.7", "10.1.2.3", "https", true)]
    [InlineData("10.1.0.0/16, 192.0.2.7", "192.0.2.7", "https", true)]
    [InlineData("10.1.0.0/16, 192.0.2.7", "10.2.0.1", "https", false)]
    [InlineData("10.1.0.0/16, 192.0.2.7", "127.0.0.1", "https", false)]
    [InlineData("", "127.0.0.1", "https", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "http", false)]
    public async Task Forwarded_headers_are_believed_of_named_proxies_alone(string known, string from, string scheme, bool isSecure)
    {
        await using var service = new GuardedService(("Proxies:Known", known));
        var answer = await service.Server.SendAsync(
            context =>
            {
                context.Request.Path = "/health/live";
                context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(from);
                context.Request.Headers["X-Forwarded-For"] = "203.0.113.9";
                context.Request.Headers["X-Forwarded-Proto"] = scheme;
                context.Request.Headers["X-Forwarded-Host"] = "evil.example";
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(isSecure, answer.Response.Headers.ContainsKey("Strict-Transport-Security"));
        Assert.NotEqual("evil.example", answer.Request.Host.Host);
        var seen = known.Length > 0 && (isSecure || scheme == "http") ? "203.0.113.9" : from;
        Assert.Equal(seen, answer.Connection.RemoteIpAddress?.ToString());
    }

    [Theory]
    [InlineData("Proxies:Known=somewhere", "Proxies:Known holds 'somewhere'")]
    [InlineData("FORWARDEDHEADERS_ENABLED=true", "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes whatever")]
    public async Task What_believes_anybody_ends_the_start(string setting, string reason)
    {
        var (exitCode, lines, _) = await ServiceRun.ToItsEndAsync("urls=http://127.0.0.1:0", setting);

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, Asking.Parse(Assert.Single(lines)).GetProperty("@m").GetString(), StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        string.Join(
            ", ",
            answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key == name).SelectMany(header => header.Value)
        );
}
