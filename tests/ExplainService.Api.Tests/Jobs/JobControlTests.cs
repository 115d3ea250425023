using System.Globalization;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>Stopping jobs, going on with them, watching them.</summary>
public sealed class JobControlTests(JobsService service) : IClassFixture<JobsService>
{
    /// <summary>So many that some are not begun when the first are done.</summary>
    private const int Rows = 192;

    [Fact]
    public async Task A_paused_job_goes_on_where_it_was()
    {
        var posted = await PostLongAsync();
        await service.Client.WhenAsync(posted, job => job.Progress("done") > 0);

        var (status, paused) = await service.Client.ChangeAsync(posted, "pause");
        var (again, _) = await service.Client.ChangeAsync(posted, "pause");
        var (_, resumed) = await service.Client.ChangeAsync(posted, "resume");
        await service.Client.WhenAsync(posted, "succeeded");

        Assert.Equal((200, 200), (status, again));
        Assert.Equal("paused", paused.GetProperty("state").GetString());
        Assert.NotEqual("paused", resumed.GetProperty("state").GetString());
        var rows = (await service.Client.ResultsAsync(posted)).Select(line => line.GetProperty("row").GetInt64());
        Assert.Equal(Enumerable.Range(1, Rows).Select(row => (long)row), rows);
    }

    [Fact]
    public async Task A_cancelled_job_keeps_what_it_has_and_cannot_go_on()
    {
        var posted = await PostLongAsync();
        await service.Client.WhenAsync(posted, job => job.Progress("done") > 0);

        var (status, cancelled) = await service.Client.ChangeAsync(posted, "cancel");
        var (resumed, problem) = await service.Client.ChangeAsync(posted, "resume");

        Assert.Equal((200, 409), (status, resumed));
        Assert.Equal("cancelled", cancelled.GetProperty("state").GetString());
        Assert.EndsWith(":conflict", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(await service.Client.ResultsAsync(posted));
    }

    [Fact]
    public async Task Events_tell_every_state_up_to_the_end_and_then_nothing_more()
    {
        var posted = await PostLongAsync();
        var events = await service.Client.GetStringAsync(new Uri($"/jobs/{posted}/events", UriKind.Relative));

        var numbers = Fields(events, "id").Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var states = Fields(events, "data").Select(data => Asking.Parse(data).GetProperty("state").GetString()).Distinct();
        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.Equal("succeeded", states.Last());
        Assert.Contains("running", states);

        using var after = new HttpRequestMessage(HttpMethod.Get, $"/jobs/{posted}/events");
        after.Headers.Add("Last-Event-ID", numbers[^1].ToString(CultureInfo.InvariantCulture));
        using var nothing = await service.Client.SendAsync(after);
        Assert.Equal(204, (int)nothing.StatusCode);
    }

    private async Task<string> PostLongAsync() =>
        (
            await service.Client.PostFileAsync(
                new { kind = "explain", request = new { endpoint = "/occlusion" } },
                AskingForJobs.Sentences(Rows),
                "sentences.ndjson"
            )
        ).Id();

    private static IEnumerable<string> Fields(string events, string name) =>
        events.Split('\n').Where(line => line.StartsWith(name + ": ", StringComparison.Ordinal)).Select(line => line[(name.Length + 2)..]);
}
