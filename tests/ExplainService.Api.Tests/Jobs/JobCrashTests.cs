using System.Text.Json;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>Whatever dies when, every row has its result once.</summary>
public sealed class JobCrashTests(JobsService service) : IClassFixture<JobsService>
{
    private const int Rows = 160;

    [Fact]
    public async Task A_job_whose_process_is_killed_again_and_again_ends_as_one_that_ran_through()
    {
        var folder = Directory.CreateTempSubdirectory("explain-crash-");
        var job = new { kind = "explain", request = new { endpoint = "/occlusion" } };
        var through = await service.Client.PostFileAsync(job, AskingForJobs.Sentences(Rows), "sentences.ndjson");
        string? id = null;
        JsonElement[] results = [];
        for (var kills = 0; ; kills++)
        {
            await using var process = await RunningService.StartAsync(
                ("Jobs__Directory", folder.FullName),
                ("Models__PrepareForms", "false")
            );
            id ??= (await process.Client.PostFileAsync(job, AskingForJobs.Sentences(Rows), "sentences.ndjson")).Id();
            var before = (await process.Client.JobAsync(id)).Progress("done");
            if (kills == 3)
            {
                await process.Client.WhenAsync(id, "succeeded");
                results = await process.Client.ResultsAsync(id);
                break;
            }

            await process.Client.WhenAsync(id, now => now.Progress("done") > before || now.Progress("done") == Rows);
            await process.KillAsync();
        }

        await service.Client.WhenAsync(through.Id(), "succeeded");
        var expected = await service.Client.ResultsAsync(through.Id());
        Assert.Equal(Ids(expected), Ids(results));
        Assert.Equal(expected.SelectMany(Scores), results.SelectMany(Scores), (one, other) => Math.Abs(one - other) <= 2e-5);
        folder.Delete(recursive: true);
    }

    private static IEnumerable<string?> Ids(JsonElement[] lines) => lines.Select(line => line.GetProperty("id").GetString());

    private static IEnumerable<double> Scores(JsonElement line) =>
        line.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble());
}
