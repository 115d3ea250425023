using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>A disk that takes nothing more.</summary>
public sealed class JobDiskTests
{
    private const int Rows = 100;

    /// <summary>
    /// Of a file, as a full disk: enough for the rows and some of the results, which are a quarter of a megabyte each; not for all of them,
    /// however often the log of writes is emptied into the database.
    /// </summary>
    private const int Kilobytes = 12_000;

    [Fact]
    public async Task A_job_that_no_longer_fits_fails_with_the_reason_and_goes_on_where_there_is_room()
    {
        var folder = Directory.CreateTempSubdirectory("explain-disk-");
        (string, string)[] environment = [("Jobs__Directory", folder.FullName), ("Models__PrepareForms", "false")];
        string id;
        long done;
        await using (var full = await RunningService.StartLimitedAsync(Kilobytes, environment))
        {
            var job = new { kind = "explain", request = new { endpoint = "/attention" } };
            id = (await full.Client.PostFileAsync(job, AskingForJobs.Sentences(Rows), "sentences.ndjson")).Id();
            var failed = await full.Client.WhenAsync(id, "failed");
            done = failed.Progress("done");
            using var still = await full.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));

            Assert.Equal("The disk of the jobs' database is full.", failed.GetProperty("error").GetString());
            Assert.InRange(done, 1, Rows - 1);
            Assert.InRange((await full.Client.ResultsAsync(id)).Length, 1, done);
            Assert.True(still.IsSuccessStatusCode);
        }

        await using var roomy = await RunningService.StartAsync(environment);
        await roomy.Client.WhenAsync(id, "failed");
        await roomy.Client.ChangeAsync(id, "resume");
        await roomy.Client.WhenAsync(id, "succeeded");
        var results = await roomy.Client.ResultsAsync(id);
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => $"s{row}"), results.Select(line => line.GetProperty("id").GetString()));
        folder.Delete(recursive: true);
    }
}
