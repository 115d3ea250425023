using ExplainService.Api.Access;
using ExplainService.Api.Tests.Fakes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Access;

/// <summary>Who is let in where: with a key, without, with another's.</summary>
public sealed class KeyTests
{
    private const string Text = """{"text": "a"}""";

    private static readonly (string Key, string Value)[] Keys =
    [
        .. TestKeys.Settings(0, "explainer"),
        .. TestKeys.Settings(1, "clerk", ("Scopes", "jobs")),
        .. TestKeys.Settings(2, "keeper", ("Scopes", "models")),
        .. TestKeys.Settings(3, "watcher", ("Scopes:0", "metrics")),
        .. TestKeys.Settings(4, "both", ("Scopes", "explain metrics"), ("Models", "good")),
        .. TestKeys.Settings(5, "elsewhere", ("Scopes", "explain, models, jobs"), ("Models:0", "another")),
        .. TestKeys.Settings(6, "nothing", ("Scopes", "")),
    ];

    [Theory]
    [InlineData("POST", "/predict", null, 401)]
    [InlineData("POST", "/v1/shap", null, 401)]
    [InlineData("GET", "/models", null, 401)]
    [InlineData("HEAD", "/models", null, 401)]
    [InlineData("GET", "/models/good", null, 401)]
    [InlineData("POST", "/models/good/load", null, 401)]
    [InlineData("GET", "/jobs", null, 401)]
    [InlineData("POST", "/jobs", null, 401)]
    [InlineData("GET", "/metrics", null, 401)]
    [InlineData("HEAD", "/metrics", null, 401)]
    [InlineData("GET", "/no/such/path", null, 401)]
    [InlineData("PUT", "/predict", null, 401)]
    [InlineData("POST", "/predict", "wrong", 401)]
    [InlineData("GET", "/", null, 200)]
    [InlineData("GET", "/explorer/app.js", null, 200)]
    [InlineData("GET", "/swagger/index.html", null, 200)]
    [InlineData("GET", "/openapi/v1.json", null, 200)]
    [InlineData("GET", "/health/live", null, 200)]
    [InlineData("HEAD", "/v1/health/live", null, 200)]
    [InlineData("GET", "/health/nothing", null, 404)]
    [InlineData("POST", "/predict", "explainer", 200)]
    [InlineData("POST", "/v1/predict", "explainer", 200)]
    [InlineData("GET", "/models/good", "explainer", 200)]
    [InlineData("POST", "/models/good/load", "explainer", 403)]
    [InlineData("GET", "/metrics", "explainer", 403)]
    [InlineData("HEAD", "/metrics", "explainer", 403)]
    [InlineData("GET", "/jobs", "explainer", 403)]
    [InlineData("GET", "/no/such/path", "explainer", 404)]
    [InlineData("PUT", "/predict", "explainer", 405)]
    [InlineData("GET", "/jobs", "clerk", 200)]
    [InlineData("GET", "/models", "clerk", 200)]
    [InlineData("POST", "/predict", "clerk", 403)]
    [InlineData("POST", "/models/good/load", "keeper", 200)]
    [InlineData("POST", "/predict", "keeper", 403)]
    [InlineData("GET", "/metrics", "watcher", 200)]
    [InlineData("GET", "/models", "watcher", 403)]
    [InlineData("POST", "/predict", "both", 200)]
    [InlineData("GET", "/metrics", "both", 200)]
    [InlineData("POST", "/predict", "elsewhere", 403)]
    [InlineData("GET", "/models/good", "elsewhere", 403)]
    [InlineData("POST", "/models/good/load", "elsewhere", 403)]
    [InlineData("GET", "/models/missing", "elsewhere", 403)]
    [InlineData("POST", "/predict", "nothing", 403)]
    public async Task Status_by_route_and_key(string verb, string path, string? key, int status)
    {
        await using var service = new GuardedService(Keys);
        using var answer = await service.SendAsync(
            verb,
            path,
            verb is "POST" or "PUT" && !path.EndsWith("load", StringComparison.Ordinal) ? Text : null,
            headers: key is null ? [] : [("X-Api-Key", TestKeys.Of(key))]
        );

        Assert.Equal(status, (int)answer.StatusCode);
        if (status >= 400 && verb != "HEAD")
        {
            var problem = await answer.ProblemAsync(status);
            Assert.Equal(status == 403, problem.Type == "urn:explain-service:problem:not-allowed");
        }

        Assert.Equal(status == 401, answer.Headers.WwwAuthenticate.Count > 0);
        if (path.EndsWith("/predict", StringComparison.Ordinal))
        {
            Assert.Equal(status == 200, service.Explainer.Last is not null);
        }
    }

    [Theory]
    [InlineData("Authorization", "Bearer key-of-explainer", 200)]
    [InlineData("Authorization", "bearer   key-of-explainer ", 200)]
    [InlineData("X-Api-Key", "key-of-explainer", 200)]
    [InlineData("X-Api-Key", "key-of-explaineR", 401)]
    [InlineData("X-Api-Key", "key-of-explainer ,", 401)]
    [InlineData("X-Api-Key", "", 401)]
    [InlineData("Authorization", "Basic key-of-explainer", 401)]
    [InlineData("Authorization", "Bearer", 401)]
    [InlineData("Authorization", "key-of-explainer", 401)]
    public async Task A_key_comes_in_one_of_two_headers(string header, string value, int status)
    {
        await using var service = new GuardedService(Keys);
        using var answer = await service.PredictAsync((header, value));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("text/html,application/json;q=0.9", 200)]
    [InlineData("application/json, text/html;q=0.9", 401)]
    [InlineData("*/*", 401)]
    public async Task The_page_of_jobs_loads_without_a_key_and_its_data_does_not(string accept, int status)
    {
        await using var service = new GuardedService(Keys);
        using var answer = await service.SendAsync("GET", "/jobs", headers: ("Accept", accept));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? "text/html" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Two_different_keys_are_none_and_the_hash_of_a_key_is_no_key()
    {
        await using var service = new GuardedService(Keys);
        using var two = await service.PredictAsync(
            ("X-Api-Key", TestKeys.Of("explainer")),
            ("Authorization", "Bearer " + TestKeys.Of("both"))
        );
        using var same = await service.PredictAsync(
            ("X-Api-Key", TestKeys.Of("explainer")),
            ("Authorization", "Bearer " + TestKeys.Of("explainer"))
        );
        using var hash = await service.PredictAsync(("X-Api-Key", Keys[1].Value));

        Assert.Equal([401, 200, 401], new[] { two, same, hash }.Select(answer => (int)answer.StatusCode));
    }

    [Fact]
    public async Task A_list_of_models_holds_those_of_the_key_alone()
    {
        await using var service = new GuardedService(Keys);
        using var mine = await service.SendAsync("GET", "/models", headers: ("X-Api-Key", TestKeys.Of("both")));
        using var others = await service.SendAsync("GET", "/models", headers: ("X-Api-Key", TestKeys.Of("elsewhere")));

        var (seen, unseen) = (await mine.JsonAsync(), await others.JsonAsync());
        Assert.Equal(["good"], seen["models"]!.AsArray().Select(model => (string?)model!["name"]));
        Assert.Equal("good", (string?)seen["default"]);
        Assert.Empty(unseen["models"]!.AsArray());
        Assert.Null(unseen["default"]);
    }

    [Fact]
    public async Task Each_line_of_a_stream_is_checked_for_its_model()
    {
        await using var service = new GuardedService(Keys);
        const string Lines = """
            {"id": 1, "text": "a"}
            {"id": 2, "text": "a", "model": "broken"}
            {"id": 3, "text": "a", "model": "good"}
            """;
        using var answer = await service.SendAsync("POST", "/saliency", Lines, "application/x-ndjson", ("X-Api-Key", TestKeys.Of("both")));

        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Asking.Parse)
            .ToArray();
        Assert.Equal(3, lines.Length);
        Assert.Equal(403, lines[1].GetProperty("status").GetInt32());
        Assert.Equal(2, lines[1].GetProperty("id").GetInt32());
        Assert.All(new[] { lines[0], lines[2] }, line => Assert.True(line.TryGetProperty("units", out _), line.GetRawText()));
    }

    [Fact]
    public async Task Every_endpoint_says_who_may_ask()
    {
        await using var service = new GuardedService();
        var unmarked = service
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<OpenToAll>() is null
                && endpoint.Metadata.GetMetadata<NeededScope>() is not { AnyOf.Count: > 0 }
            )
            .Select(endpoint => endpoint.DisplayName);

        Assert.Empty(unmarked);
    }

    [Theory]
    [InlineData("Auth:Keys:0:Sha256", "short", "Auth:Keys:0:Sha256 must be the key's SHA-256")]
    [InlineData("Auth:Keys:0:Scope", "explain", "Auth:Keys:0:Scope is no setting")]
    [InlineData("Auth:Keys:0:Scopes", "explain,everything", "Auth:Keys:0:Scopes holds 'everything'")]
    [InlineData("Auth:Keys:0:RequestsPerMinute", "0", "Auth:Keys:0:RequestsPerMinute is '0'")]
    [InlineData("Auth:Keys:1:Sha256", "", "Auth:Keys:1:Name is missing")]
    [InlineData("Auth:Key:0:Name", "a", "Auth:Key is no setting")]
    [InlineData("Auth:Authority", "http://issuer.example", "Auth:Authority is 'http://issuer.example'")]
    [InlineData("Auth:Authority", "https://issuer.example", "Auth:Audience is missing")]
    [InlineData("Auth:Required", "yes", "Auth:Required is 'yes'")]
    public async Task A_setting_that_is_wrong_or_misspelt_ends_the_start(string key, string value, string reason)
    {
        var (exitCode, lines, _) = await ServiceRun.ToItsEndAsync([
            "urls=http://127.0.0.1:0",
            .. TestKeys.Settings(0, "a").Append((key, value)).Select(setting => $"{setting.Item1}={setting.Item2}"),
        ]);

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, Asking.Parse(Assert.Single(lines)).GetProperty("@m").GetString(), StringComparison.Ordinal);
    }
}
