using System.Net.Http.Headers;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Api.Tests.Access;

/// <summary>Requests a minute and evaluations an hour of a key.</summary>
public sealed class RateTests
{
    private static readonly (string Name, string Value) Ann = ("X-Api-Key", TestKeys.Of("ann"));
    private static readonly (string Name, string Value) Bob = ("X-Api-Key", TestKeys.Of("bob"));

    [Fact]
    public async Task A_request_over_the_rate_is_a_429_and_no_matter_of_other_keys()
    {
        await using var service = new GuardedService([
            .. TestKeys.Settings(0, "ann", ("RequestsPerMinute", "1")),
            .. TestKeys.Settings(1, "bob", ("RequestsPerMinute", "1000")),
        ]);
        using var first = await service.PredictAsync(Ann);
        using var second = await service.PredictAsync(Ann);
        using var other = await service.PredictAsync(Bob);

        Assert.Equal(200, (int)first.StatusCode);
        Assert.Equal(("1", "0", "\"requests\";q=1;w=60"), Fields(first.Headers));
        var problem = await second.ProblemAsync(429);
        Assert.Equal("urn:explain-service:problem:over-rate", problem.Type);
        Assert.InRange(problem.RetryAfter!.Value, 1, 60);
        Assert.Equal(problem.RetryAfter, (int)second.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Equal("0", Fields(second.Headers).Remaining);
        Assert.Equal(200, (int)other.StatusCode);
        Assert.Equal("1000", Fields(other.Headers).Limit);
    }

    [Fact]
    public async Task A_budget_of_evaluations_ends_with_its_hour_and_begins_anew()
    {
        var time = new FakeTimeProvider();
        await using var service = new GuardedService(
            time,
            [.. TestKeys.Settings(0, "ann", ("EvaluationsPerHour", "100"), ("Scopes", "explain,jobs"), ("RequestsPerMinute", "1000000"))]
        );
        service.Explainer.Answer = (request, work, _) =>
        {
            work.Meter.Add(60, 600);
            return Task.FromResult(FakeExplainer.Echo(request));
        };
        using var first = await service.PredictAsync(Ann);
        // Begun within the budget: it goes on over it.
        using var second = await service.PredictAsync(Ann);
        time.Advance(TimeSpan.FromMinutes(20));
        using var third = await service.PredictAsync(Ann);
        using var job = await service.SendAsync("POST", "/jobs", """{"kind": "predict", "input": {"texts": ["a"]}}""", headers: Ann);
        using var list = await service.SendAsync("GET", "/models", headers: Ann);

        Assert.Equal(("100", "40"), (Fields(first.Headers).Limit, Fields(first.Headers).Remaining));
        Assert.Equal(200, (int)second.StatusCode);
        var problem = await third.ProblemAsync(429);
        Assert.Equal(40 * 60, problem.RetryAfter);
        await job.ProblemAsync(429);
        Assert.Equal(200, (int)list.StatusCode);
        time.Advance(TimeSpan.FromMinutes(40));
        using var anew = await service.PredictAsync(Ann);
        Assert.Equal(200, (int)anew.StatusCode);
    }

    [Fact]
    public async Task A_line_over_the_budget_is_answered_429_and_the_stream_goes_on()
    {
        await using var service = new GuardedService([
            .. TestKeys.Settings(0, "ann", ("EvaluationsPerHour", "1")),
            ("Limits:StreamWindow", "1"),
        ]);
        service.Explainer.Answer = (request, work, _) =>
        {
            work.Meter.Add(1, 8);
            return Task.FromResult(FakeExplainer.Echo(request));
        };
        using var answer = await service.SendAsync(
            "POST",
            "/saliency",
            string.Concat(Enumerable.Repeat("""{"text": "a"}""" + "\n", 8)),
            "application/x-ndjson",
            Ann
        );

        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Asking.Parse)
            .Select(line => line.TryGetProperty("status", out var status) ? status.GetInt32() : 200)
            .ToArray();

        // Two lines are at work in a window of one, the one that is being written among them: whichever of them asks first has the budget, and
        // the other may have been begun within it too. Every line that is begun after them is over it.
        Assert.Equal(8, lines.Length);
        Assert.Contains(200, lines[..2]);
        Assert.All(lines[..2], status => Assert.True(status is 200 or 429));
        Assert.All(lines[2..], status => Assert.Equal(429, status));
    }

    [Fact]
    public async Task Every_request_of_a_caller_is_charged_to_one_account()
    {
        List<WorkAccount> accounts = [];
        await using var service = new GuardedService([.. TestKeys.Settings(0, "ann"), .. TestKeys.Settings(1, "bob")]);
        service.Explainer.Answer = (request, work, _) =>
        {
            accounts.Add(work.Meter.Account);
            return Task.FromResult(FakeExplainer.Echo(request));
        };
        foreach (var key in new[] { Ann, Bob, Ann })
        {
            (await service.PredictAsync(key)).Dispose();
        }

        Assert.Same(accounts[0], accounts[2]);
        Assert.NotSame(accounts[0], accounts[1]);
    }

    private static (string Limit, string Remaining, string Policy) Fields(HttpResponseHeaders headers) =>
        (
            Assert.Single(headers.GetValues("RateLimit-Limit")),
            Assert.Single(headers.GetValues("RateLimit-Remaining")),
            Assert.Single(headers.GetValues("RateLimit-Policy"))
        );
}
