using System.Text;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Service;
using ExplainService.Jobs.Store;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>Sums of a job, which are kept while it runs.</summary>
public sealed class SummedJobsTests : IDisposable
{
    private const string Job = "job";
    private const string Owner = "worker";

    private static readonly JobRequest Spec = new() { Kind = JobKind.Predict };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-sums-");

    [Fact]
    public async Task Asking_again_reads_only_what_was_done_since_and_says_what_reading_all_says()
    {
        var stop = TestContext.Current.CancellationToken;
        using var database = new SqliteDatabase(Path.Combine(folder.FullName, "jobs.db"));
        var store = new SqlJobStore(database);
        await store.OpenAsync(Owner, stop);
        await store.BeginAsync(new NewJob(Job, null, "", Spec), stop);
        var bodies = new[] { 1L, 3L }.Select(first => new NewChunk(first, 2, Segments.Pack([Row(first), Row(first + 1)])));
        await store.AddChunksAsync(Job, [.. bodies], stop);
        await store.PlanAsync(
            Job,
            4,
            new InputFacts
            {
                Format = RowFormat.Ndjson,
                Bytes = 0,
                Sha256 = "",
            },
            null,
            stop
        );
        var kept = new SummedJobs();

        await DoAsync("""{"row":1,"id":1,"status":400}""", """{"row":2,"id":2,"model":"m","prediction":{"label":"a","probability":0.5}}""");
        var first = await ReadAsync(kept);
        var through = kept.ThroughOf(Job);
        // The last row was left out.
        await DoAsync("""{"row":3,"id":3,"model":"m","prediction":{"label":"b","probability":0.75}}""");
        var second = await ReadAsync(kept);

        Assert.Equal((1, 1, 2, 4), ((int)first.Failed, (int)first.Answered, (int)through, (int)kept.ThroughOf(Job)));
        Assert.Equal((1, 2), ((int)second.Failed, (int)second.Answered));
        Assert.Equal(Written(await ReadAsync(new SummedJobs())), Written(second));

        async Task DoAsync(params string[] lines)
        {
            var lease = await store.TakeAsync(Owner, 1, _ => true, stop);
            var body = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
            Assert.True(await store.CommitAsync(lease!, new ChunkResult(Segments.Pack(body), 0, 0), Owner, stop));
        }

        async Task<JobSummary> ReadAsync(SummedJobs sums)
        {
            var record = (await store.FindAsync(Job, stop))!;
            return await sums.UseAsync(store, record, fold => fold.Summary(JobAnswers.Of(record, null), 10, 1, 0), stop);
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static InputRow Row(long number) => new() { Row = number, Text = "text" };

    private static string Written(JobSummary summary) => JsonSerializer.Serialize(summary, JobsJson.Of<JobSummary>());
}
