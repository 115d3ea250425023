namespace ExplainService.Api.Tests.Jobs;

/// <summary>A machine on which no model loads in time.</summary>
public sealed class LateModelService : JobsService
{
    /// <summary>The jobs of one that runs after it.</summary>
    public static readonly DirectoryInfo Kept = Directory.CreateTempSubdirectory("explain-late-");

    protected override IEnumerable<(string Key, string Value)> Settings =>
        [.. base.Settings, ("Jobs:Directory", Kept.FullName), ("Models:LoadSeconds", "0.1")];
}

/// <summary>That machine's jobs, elsewhere.</summary>
public sealed class ReadyModelService : JobsService
{
    protected override IEnumerable<(string Key, string Value)> Settings =>
        [.. base.Settings, ("Jobs:Directory", LateModelService.Kept.FullName)];
}

/// <summary>That a model does not load in time is no fault of any row.</summary>
public sealed class JobLateModelTests
{
    private const int Rows = 12;

    [Fact]
    public async Task A_job_whose_model_does_not_load_in_time_fails_without_answering_a_row_and_can_be_resumed()
    {
        string id;
        await using (var late = new LateModelService())
        {
            id = (await late.Client.PostFileAsync(new { kind = "predict" }, AskingForJobs.Sentences(Rows), "sentences.ndjson")).Id();
            var failed = await late.Client.WhenAsync(id, "failed");
            Assert.Matches("did not load within 0.1 s|took too long", failed.GetProperty("error").GetString());
            Assert.Equal((0, 0), (failed.Progress("done"), failed.Progress("failed")));
        }

        await using var ready = new ReadyModelService();
        await ready.Client.ChangeAsync(id, "resume");
        await ready.Client.WhenAsync(id, "succeeded");
        Assert.All(await ready.Client.ResultsAsync(id), line => Assert.True(line.TryGetProperty("prediction", out _)));
        LateModelService.Kept.Delete(recursive: true);
    }
}
