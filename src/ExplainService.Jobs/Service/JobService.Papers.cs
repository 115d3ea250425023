using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Outputs;
using ExplainService.Jobs.Reports;
using ExplainService.Jobs.Store;
using ExplainService.Jobs.Surrogates;
using ExplainService.Jobs.Work;
using ExplainService.Protocol.Problems;

namespace ExplainService.Jobs.Service;

/// <content>Results and what is written about them.</content>
public sealed partial class JobService
{
    /// <summary>Jobs whose surrogates are remembered.</summary>
    private const int MostTaught = 4;

    private readonly ConcurrentDictionary<string, Surrogate> taught = new();
    private readonly SummedJobs summed = new();

    /// <summary>Writes results in row order, as far as there are any without a gap.</summary>
    /// <param name="job">The job.</param>
    /// <param name="after">The number of the last row that is not wanted.</param>
    /// <param name="format">As what.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="cancellationToken">The reader left.</param>
    public async Task WriteResultsAsync(string job, long after, OutputFormat format, Stream target, CancellationToken cancellationToken)
    {
        var results = ResultsAsync(job, after, cancellationToken);
        switch (format)
        {
            case OutputFormat.Csv:
                await TableWriters.WriteCsvAsync(results, target, cancellationToken).ConfigureAwait(false);
                break;
            case OutputFormat.Parquet:
                // Its writer needs to know where it is in its file.
                var file = TransitFile.Create(Folder);
                await using (file.ConfigureAwait(false))
                {
                    await TableWriters.WriteParquetAsync(results, file, cancellationToken).ConfigureAwait(false);
                    file.Position = 0;
                    await file.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
                }

                break;
            default:
                await foreach (var lines in results.ConfigureAwait(false))
                {
                    await target.WriteAsync(lines, cancellationToken).ConfigureAwait(false);
                }

                break;
        }
    }

    /// <summary>What all results so far say together.</summary>
    /// <param name="job">The job.</param>
    /// <param name="top">Words or features of each list.</param>
    /// <param name="leastDocuments">Rows that each must be in.</param>
    /// <param name="cancellationToken">The caller left.</param>
    public async Task<JobSummary> SummaryAsync(string job, int top, int leastDocuments, CancellationToken cancellationToken) =>
        await Papers(await FindAsync(job, cancellationToken).ConfigureAwait(false))
            .SummaryAsync(top, leastDocuments, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>The surrogates of a job of kind <c>surrogate</c> that has ended, for use elsewhere.</summary>
    /// <exception cref="RefusedRequestException">404, 409, 422.</exception>
    public async Task<SurrogateFile> SurrogateAsync(string job, CancellationToken cancellationToken) =>
        (await TaughtAsync(job, cancellationToken).ConfigureAwait(false)).File();

    /// <summary>What the surrogates of a job say of a text.</summary>
    /// <exception cref="RefusedRequestException">404, 409, 422.</exception>
    public async Task<SurrogateAnswer> AskSurrogateAsync(string job, SurrogateRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (await TaughtAsync(job, cancellationToken).ConfigureAwait(false)).Predict(request.Text);
    }

    private async Task<Surrogate> TaughtAsync(string job, CancellationToken cancellationToken)
    {
        var record = await FindAsync(job, cancellationToken).ConfigureAwait(false);
        if (record.Spec.Kind != JobKind.Surrogate)
        {
            throw new RefusedRequestException(422, "The job is not of kind \"surrogate\".");
        }

        if (record.State != JobState.Succeeded)
        {
            throw JobRefusals.Conflict("Surrogates are of a job that has succeeded.");
        }

        if (!taught.TryGetValue(job, out var surrogate))
        {
            surrogate =
                await Papers(record).SurrogateAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new RefusedRequestException(422, "The job has too few rows with probabilities of labels for surrogates.");
            if (taught.Count >= MostTaught)
            {
                taught.Clear();
            }

            taught[job] = surrogate;
        }

        return surrogate;
    }

    /// <summary>The report for people, of the results so far: HTML that stands alone.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">The caller left.</param>
    public async Task<string> ReportAsync(string job, CancellationToken cancellationToken) =>
        await Papers(await FindAsync(job, cancellationToken).ConfigureAwait(false)).ReportAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Writes the evidence of a job that has ended: a zip, whose bytes are the same each time.</summary>
    /// <param name="job">The job.</param>
    /// <param name="service">The version of the service.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="cancellationToken">The reader left.</param>
    /// <exception cref="RefusedRequestException">404; 409: the job has not ended.</exception>
    public async Task WriteEvidenceAsync(string job, string service, Stream target, CancellationToken cancellationToken)
    {
        var record = await FindAsync(job, cancellationToken).ConfigureAwait(false);
        if (record.State is not (JobState.Succeeded or JobState.Cancelled))
        {
            throw JobRefusals.Conflict("Evidence is of a job that has ended: succeeded or cancelled.");
        }

        // Written whole before its first byte goes out: what fails on the way is a problem, not half a zip.
        var file = TransitFile.Create(Folder);
        await using (file.ConfigureAwait(false))
        {
            await Papers(record).WriteEvidenceAsync(service, file, cancellationToken).ConfigureAwait(false);
            file.Position = 0;
            await file.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<JobSummary> SummedAsync(JobRecord record, int top, int leastDocuments, CancellationToken cancellationToken)
    {
        var seed = record.Spec.Kind == JobKind.Importance ? RowTemplate.Importance(record.Spec).Seed : 0;
        var store = await storage.UseAsync(Task.FromResult, cancellationToken).ConfigureAwait(false);
        return await summed
            .UseAsync(store, record, fold => fold.Summary(Answer(record), top, leastDocuments, seed), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Looked for once, of a job that has ended, and kept: its evidence has the same bytes ever after.</summary>
    private async Task<IReadOnlyList<CaseChange>> ChangesAsync(
        JobRecord record,
        IReadOnlyCollection<ReportCase> cases,
        CancellationToken cancellationToken
    )
    {
        if (record.State is not (JobState.Succeeded or JobState.Cancelled))
        {
            return [];
        }

        var store = await storage.UseAsync(Task.FromResult, cancellationToken).ConfigureAwait(false);
        var kept = await store.KeptAsync(record.Id, cancellationToken).ConfigureAwait(false);
        if (kept is null)
        {
            var found = await changes
                .AskAsync(
                    record.PostedBy,
                    record.Spec,
                    record.ModelHashes?.Split(',') ?? [],
                    cases.OrderBy(one => one.Row).Select(one => (one.Row, one.Text, one.Pair)),
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (found is null)
            {
                return [];
            }

            var body = Segments.Pack(JsonSerializer.SerializeToUtf8Bytes(found, JobsJson.Kept));
            await store.KeepAsync(record.Id, body, cancellationToken).ConfigureAwait(false);
            // Another reader may have been first.
            kept = await store.KeptAsync(record.Id, cancellationToken).ConfigureAwait(false) ?? body;
        }

        return JsonSerializer.Deserialize<CaseChange[]>(Segments.Unpack(kept), JobsJson.Lines)!;
    }

    private JobPapers Papers(JobRecord record) =>
        new(
            Answer(record),
            (top, least, stop) => SummedAsync(record, top, least, stop),
            stop => ResultsAsync(record.Id, 0, stop),
            stop => InputsAsync(record.Id, stop),
            (cases, stop) => ChangesAsync(record, cases, stop)
        );

    private async IAsyncEnumerable<IReadOnlyList<InputRow>> InputsAsync(
        string job,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await storage.UseAsync(Task.FromResult, cancellationToken).ConfigureAwait(false);
        await foreach (var segment in store.InputsAsync(job, cancellationToken).ConfigureAwait(false))
        {
            yield return Segments.Rows(segment.Body);
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ResultsAsync(
        string job,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await storage.UseAsync(Task.FromResult, cancellationToken).ConfigureAwait(false);
        await foreach (var segment in store.ResultsAsync(job, after, cancellationToken).ConfigureAwait(false))
        {
            var lines = Segments.Unpack(segment.Body);
            yield return segment.FirstRow > after ? lines : ResultRows.After(lines, after);
        }
    }
}
