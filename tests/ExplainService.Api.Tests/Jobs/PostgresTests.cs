using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>Several processes on one PostgreSQL.</summary>
public sealed class PostgresTests
{
    private const int Rows = 128;

    [Fact]
    public async Task Workers_share_a_job_and_one_that_is_killed_costs_no_row_and_doubles_none()
    {
        await using var postgres = await PostgresServer.NewAsync();
        await using var api = await StartAsync(postgres, "api");
        var doomed = await StartAsync(postgres, "worker");
        await using var other = await StartAsync(postgres, "worker");
        var id = await PostAsync(api);

        await api.Client.WhenAsync(id, job => job.Progress("done") > 0);
        await doomed.KillAsync();
        await doomed.DisposeAsync();
        await api.Client.WhenAsync(id, "succeeded");

        await AssertWholeAsync(api, id);
        using var notHere = await other.Client.GetAsync(new Uri("/jobs", UriKind.Relative));
        Assert.Equal(404, (int)notHere.StatusCode);
    }

    [Fact]
    public async Task A_job_goes_on_once_a_database_that_was_away_is_back()
    {
        await using var postgres = await PostgresServer.NewAsync();
        await using var service = await StartAsync(postgres, "all");
        var id = await PostAsync(service);
        await service.Client.WhenAsync(id, job => job.Progress("done") > 0);

        await postgres.StopAsync();
        using var away = await service.Client.GetAsync(new Uri("/jobs/" + id, UriKind.Relative));
        await postgres.StartAsync();
        await Testing.Patience.UntilAsync(async () =>
        {
            using var back = await service.Client.GetAsync(new Uri("/jobs/" + id, UriKind.Relative));
            return back.IsSuccessStatusCode;
        });
        await service.Client.WhenAsync(id, "succeeded");

        Assert.Equal(503, (int)away.StatusCode);
        Assert.True(away.Headers.RetryAfter is not null);
        await AssertWholeAsync(service, id);
    }

    private static Task<RunningService> StartAsync(PostgresServer postgres, string role) =>
        RunningService.StartAsync(("Jobs__Storage", postgres.Storage), ("Jobs__Role", role), ("Models__PrepareForms", "false"));

    private static async Task<string> PostAsync(RunningService service) =>
        (
            await service.Client.PostFileAsync(
                new { kind = "explain", request = new { endpoint = "/occlusion" } },
                AskingForJobs.Sentences(Rows),
                "sentences.ndjson"
            )
        ).Id();

    private static async Task AssertWholeAsync(RunningService service, string id)
    {
        var results = await service.Client.ResultsAsync(id);
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => $"s{row}"), results.Select(line => line.GetProperty("id").GetString()));
        Assert.All(results, line => Assert.True(line.TryGetProperty("units", out _)));
    }
}
