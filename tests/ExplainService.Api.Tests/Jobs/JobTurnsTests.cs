using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Store;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>Whose job a chunk is taken of.</summary>
public sealed class JobTurnsTests : IDisposable
{
    private const string Worker = "worker";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-turns-");

    [Fact]
    public async Task The_only_job_of_one_key_does_not_wait_for_the_many_of_another()
    {
        var stop = TestContext.Current.CancellationToken;
        using var database = new SqliteDatabase(Path.Combine(folder.FullName, "jobs.db"));
        var store = new SqlJobStore(database);
        await store.OpenAsync(Worker, stop);
        foreach (var (job, owner) in new[] { ("a1", "ann"), ("a2", "ann"), ("a3", "ann"), ("b1", "bob") })
        {
            await store.BeginAsync(new NewJob(job, null, "", new JobRequest { Kind = JobKind.Predict }, owner), stop);
            await store.AddChunksAsync(
                job,
                [.. Enumerable.Range(1, 3).Select(row => new NewChunk(row, 1, Segments.Pack([new InputRow { Row = row, Text = "text" }])))],
                stop
            );
            var facts = new InputFacts
            {
                Format = RowFormat.Ndjson,
                Bytes = 0,
                Sha256 = "",
            };
            await store.PlanAsync(job, 3, facts, null, stop);
        }

        // One may run at once: bob's does beside ann's first, and ann's others wait for that.
        List<string> taken = [];
        for (var i = 0; i < 7; i++)
        {
            taken.Add((await store.TakeAsync(Worker, 1, _ => true, stop))?.Key.Job ?? "none");
        }

        Assert.Equal(3, taken.Count(job => job == "b1"));
        Assert.Equal(3, taken.Count(job => job == "a1"));
        Assert.Contains("b1", taken[..2]);
        Assert.Equal("none", taken[^1]);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
