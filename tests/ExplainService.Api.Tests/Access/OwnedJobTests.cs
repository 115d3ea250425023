using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using ExplainService.Api.Access;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Api.Tests.Jobs;
using ExplainService.Runtime;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Api.Tests.Access;

/// <summary>Jobs and models of keys, over real models: no field of a request is a way around a key's models.</summary>
public sealed class OwnedJobTests : IAsyncLifetime
{
    private const string Mine = "mine";
    private const string Others = "others";

    private readonly OwnModels service = new(
        [Mine, Others],
        [
            ("Models:Default", Others),
            ("Jobs:Directory", Path.Combine(Path.GetTempPath(), "owned-jobs-" + Guid.NewGuid().ToString("N"))),
            .. TestKeys.Settings(0, "ann", ("Scopes", "explain,jobs"), ("Models", Mine)),
            .. TestKeys.Settings(1, "bob", ("Scopes", "explain,jobs")),
            .. TestKeys.Settings(2, "auditor", ("Scopes", "jobs_all")),
        ]
    );

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData("/predict", """{"text": "fun", "model": "mine"}""", 200)]
    [InlineData("/predict", """{"text": "fun"}""", 403)]
    [InlineData("/predict", """{"text": "fun", "model": "others"}""", 403)]
    [InlineData("/predict", """{"text": "fun", "model": "missing"}""", 403)]
    [InlineData("/counterfactual", """{"text": "fun", "model": "mine", "method": "fill", "fill_model": "others"}""", 403)]
    [InlineData(
        "/compare",
        """{"text": "a fun film", "model": "mine", "methods": [{"endpoint": "/occlusion"}, {"endpoint": "/lime"}]}""",
        200
    )]
    [InlineData("/compare", """{"text": "fun", "methods": [{"endpoint": "/occlusion"}, {"endpoint": "/lime"}]}""", 403)]
    [InlineData("/evaluate", """{"text": "fun", "model": "others", "explanation": {"endpoint": "/occlusion"}}""", 403)]
    [InlineData("/jobs", """{"kind": "predict", "input": {"texts": ["a"]}, "request": {"model": "mine"}}""", 202)]
    [InlineData("/jobs", """{"kind": "predict", "input": {"texts": ["a"]}}""", 403)]
    [InlineData("/jobs", """{"kind": "predict", "input": {"texts": ["a"]}, "request": {"model": "others"}}""", 403)]
    [InlineData(
        "/jobs",
        """
            {"kind": "explain", "input": {"texts": ["a"]},
             "request": {"endpoint": "/counterfactual", "model": "mine", "method": "fill", "fill_model": "others"}}
            """,
        403
    )]
    public async Task A_model_of_others_is_a_403_wherever_it_is_named(string path, string body, int status)
    {
        var (answered, json) = await SendAsync("ann", HttpMethod.Post, path, body);

        Assert.True(status == answered, json);
        // Nor does the refusal tell the name of the default model to whom it is not for.
        Assert.True(body.Contains(Others, StringComparison.Ordinal) || !json.Contains(Others, StringComparison.Ordinal), json);
    }

    [Fact]
    public async Task A_job_of_somebody_else_is_not_there_whatever_is_asked_of_it()
    {
        var job = await PostAsync("bob");
        (HttpMethod Verb, string Path)[] asked =
        [
            (HttpMethod.Get, ""),
            (HttpMethod.Get, "/results"),
            (HttpMethod.Get, "/summary"),
            (HttpMethod.Get, "/report"),
            (HttpMethod.Get, "/evidence"),
            (HttpMethod.Get, "/events"),
            (HttpMethod.Get, "/surrogate"),
            (HttpMethod.Post, "/pause"),
            (HttpMethod.Post, "/resume"),
            (HttpMethod.Post, "/cancel"),
            (HttpMethod.Delete, ""),
        ];
        foreach (var (verb, path) in asked)
        {
            var (status, body) = await SendAsync("ann", verb, $"/jobs/{job}{path}");
            Assert.True(status == 404, $"{verb} {path}: {status} {body}");
        }

        Assert.Empty((await ListAsync("ann")).EnumerateArray());
        Assert.Equal(job, Assert.Single((await ListAsync("bob")).EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(job, Assert.Single((await ListAsync("auditor")).EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(200, (await SendAsync("auditor", HttpMethod.Get, "/jobs/" + job)).Status);
        Assert.Equal(204, (await SendAsync("bob", HttpMethod.Delete, "/jobs/" + job)).Status);
    }

    [Fact]
    public async Task The_rows_of_a_job_are_charged_to_who_posted_it_and_it_waits_for_the_next_hour()
    {
        var time = new FakeTimeProvider();
        var accounts = new CallerAccounts(
            new AuthOptions
            {
                Keys =
                [
                    new ApiKey(
                        new byte[32],
                        new Caller
                        {
                            Id = "key:ann",
                            Name = "ann",
                            Scopes = FrozenSet<string>.Empty,
                            EvaluationsPerHour = 10,
                        }
                    ),
                ],
            },
            time
        );
        Assert.True(accounts.HasRoom("key:ann"));
        new WorkMeter(account: accounts.Of("key:ann")).Add(10, 100);
        Assert.False(accounts.HasRoom("key:ann"));
        Assert.True(accounts.HasRoom("key:gone"));
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(accounts.HasRoom("key:ann"));

        var job = await PostAsync("bob");
        await Patience.UntilAsync(
            async () =>
                Asking.Parse((await SendAsync("bob", HttpMethod.Get, "/jobs/" + job)).Body).GetProperty("state").GetString() == "succeeded",
            () => "the job does not end"
        );
        Assert.Equal(1, service.Services.GetRequiredService<CallerAccounts>().Of("key:bob").Rows);
    }

    [Fact]
    public async Task The_same_idempotency_key_of_two_callers_is_two_jobs()
    {
        var (ann, bob) = (await PostAsync("ann", "once"), await PostAsync("bob", "once"));

        Assert.NotEqual(ann, bob);
        Assert.Equal(ann, await PostAsync("ann", "once"));
    }

    private async Task<JsonElement> ListAsync(string key) =>
        Asking.Parse((await SendAsync(key, HttpMethod.Get, "/jobs")).Body).GetProperty("jobs");

    private async Task<string> PostAsync(string key, string? idempotency = null)
    {
        var body = """{"kind": "predict", "input": {"texts": ["a fun film"]}, "request": {"model": "mine"}}""";
        var (status, json) = await SendAsync(key, HttpMethod.Post, "/jobs", body, idempotency);
        Assert.True(status == 202, json);
        return Asking.Parse(json).Id();
    }

    private async Task<(int Status, string Body)> SendAsync(
        string key,
        HttpMethod verb,
        string path,
        string? body = null,
        string? idempotency = null
    )
    {
        using var request = new HttpRequestMessage(verb, path);
        request.Headers.Add("X-Api-Key", TestKeys.Of(key));
        if (idempotency is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotency);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var answer = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
