using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Store;
using ExplainService.Jobs.Work;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Privacy;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Jobs.Service;

/// <summary>Jobs for those who post them and look after them.</summary>
public sealed partial class JobService : IDisposable
{
    /// <summary>Jobs that a list holds unless it is asked for another number.</summary>
    public const int DefaultLimit = 50;

    /// <summary>Words or features of a summary's lists unless it is asked for another number.</summary>
    public const int DefaultTop = 50;

    /// <summary>The most of them.</summary>
    public const int MaxTop = 10_000;

    /// <summary>The most jobs of a list.</summary>
    public const int MaxLimit = 500;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly JobStorage storage;
    private readonly JobSignals signals = new();
    private readonly JobFailures failures = new();
    private readonly JobWorker worker;
    private readonly CaseChanges changes;
    private readonly JobOptions options;
    private readonly MethodCatalog catalog;
    private readonly IModelRegistry models;
    private readonly IJobObserver observer;
    private readonly TimeProvider time;
    private readonly Redaction redaction;

    /// <summary>The one service of a process.</summary>
    public JobService(
        JobOptions options,
        IExplainer explainer,
        MethodCatalog catalog,
        IModelRegistry models,
        WorkMemory memory,
        IJobObserver observer,
        TimeProvider time,
        Redaction? redaction = null,
        IJobAccounts? accounts = null
    )
    {
        this.redaction = redaction ?? Redaction.None;
        (this.options, this.catalog, this.models, this.observer, this.time) = (options, catalog, models, observer, time);
        storage = new JobStorage(options);
        var rows = new RowExplainer(explainer, memory, options, observer, time, accounts);
        var work = new ChunkWork(rows, catalog, models);
        changes = new CaseChanges(rows, catalog, models);
        worker = new JobWorker(storage, work, new LateModels(models, failures, time), signals, failures, options, observer, time, accounts);
    }

    /// <summary>The most bytes of an upload.</summary>
    public long MaxInputBytes => (long)options.MaxInputMegabytes << 20;

    /// <summary>Where uploads in transit are.</summary>
    private string Folder => Path.GetFullPath(options.Directory);

    /// <summary>Works on jobs until it is told to stop.</summary>
    public Task WorkAsync(CancellationToken stopping) => worker.RunAsync(stopping);

    /// <summary>Takes in an upload for a job.</summary>
    /// <param name="content">Its bytes as they come.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <exception cref="RefusedRequestException">413.</exception>
    public async Task<IAsyncDisposable> ReceiveAsync(Stream content, string? name, CancellationToken cancellationToken) =>
        await InputFile.ReceiveAsync(content, name, Folder, MaxInputBytes, cancellationToken).ConfigureAwait(false);

    /// <summary>Begins a job: it is there, with all its rows, once this returns.</summary>
    /// <param name="request">What is to be done.</param>
    /// <param name="upload">What <see cref="ReceiveAsync"/> took in, if anything.</param>
    /// <param name="key">The caller's <c>Idempotency-Key</c>: the same key and request are the same job.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <param name="postedBy">Whose job it is; null: everybody's. Keys of different owners are different keys.</param>
    /// <param name="begun">Is told of a job that is new; what it throws takes the job back.</param>
    /// <exception cref="InvalidRequestException">400 or 422.</exception>
    /// <exception cref="RefusedRequestException">409, 413.</exception>
    /// <exception cref="ModelNotFoundException">404.</exception>
    /// <exception cref="ServiceBusyException">429, 503.</exception>
    public async Task<JobAnswer> CreateAsync(
        JobRequest request,
        IAsyncDisposable? upload,
        string? key,
        CancellationToken cancellationToken,
        string? postedBy = null,
        Action<JobAnswer>? begun = null
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        JobChecks.Check(request, upload is not null);
        var template = RowTemplate.Of(request, catalog);
        if ((template.Model ?? models.Default) is { } model)
        {
            models.Find(model);
        }

        if (request.Against?.Model is { } other)
        {
            models.Find(other);
        }

        var post = new Post(key, postedBy, begun);
        var answered = await EndedAsync(request.Input?.Job, cancellationToken).ConfigureAwait(false);
        var before = await EndedAsync(request.Against?.Job, cancellationToken).ConfigureAwait(false);
        if (answered is not null)
        {
            return await CreateAsync(request, template, null, (answered, before), post, cancellationToken).ConfigureAwait(false);
        }

        var file = upload as InputFile ?? await OpenAsync(request.Input!, cancellationToken).ConfigureAwait(false);
        await using var opened = file.ConfigureAwait(false);
        return await CreateAsync(request, template, file, (null, before), post, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A job.</summary>
    /// <exception cref="RefusedRequestException">404.</exception>
    public async Task<JobAnswer> GetAsync(string job, CancellationToken cancellationToken) =>
        Answer(await FindAsync(job, cancellationToken).ConfigureAwait(false));

    /// <summary>Refuses a job that somebody else has posted, or nobody in particular, as if there were none.</summary>
    /// <exception cref="RefusedRequestException">404.</exception>
    public async Task CheckOwnerAsync(string job, string owner, CancellationToken cancellationToken)
    {
        if ((await FindAsync(job, cancellationToken).ConfigureAwait(false)).PostedBy != owner)
        {
            throw JobRefusals.OfSomebodyElse();
        }
    }

    /// <summary>Jobs, newest first.</summary>
    /// <param name="state">Of this state; null: any.</param>
    /// <param name="limit">The most.</param>
    /// <param name="after">Older than this one.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <param name="postedBy">Whose; null: everybody's.</param>
    public async Task<JobList> ListAsync(
        JobState? state,
        int limit,
        string? after,
        CancellationToken cancellationToken,
        string? postedBy = null
    )
    {
        if (!storage.Exists)
        {
            return new JobList([], null);
        }

        var jobs = await storage
            .UseAsync(store => store.ListAsync(state, postedBy, after, limit + 1, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return new JobList([.. jobs.Take(limit).Select(Answer)], jobs.Count > limit ? jobs[limit - 1].Id : null);
    }

    /// <summary>Ends a job; what has a result keeps it.</summary>
    public Task<JobAnswer> CancelAsync(string job, CancellationToken cancellationToken) =>
        ChangeAsync(job, [JobState.Queued, JobState.Running, JobState.Paused, JobState.Failed], JobState.Cancelled, cancellationToken);

    /// <summary>Begins nothing more of a job.</summary>
    public Task<JobAnswer> PauseAsync(string job, CancellationToken cancellationToken) =>
        ChangeAsync(job, [JobState.Queued, JobState.Running], JobState.Paused, cancellationToken);

    /// <summary>Goes on with a job that was paused or has failed.</summary>
    public Task<JobAnswer> ResumeAsync(string job, CancellationToken cancellationToken)
    {
        failures.Remove(job);
        return ChangeAsync(job, [JobState.Paused, JobState.Failed], JobState.Queued, cancellationToken);
    }

    /// <summary>Removes a job with its texts and results, whatever its state.</summary>
    /// <exception cref="RefusedRequestException">404.</exception>
    public async Task DeleteAsync(string job, CancellationToken cancellationToken)
    {
        await FindAsync(job, cancellationToken).ConfigureAwait(false);
        await storage.UseAsync(store => store.DeleteAsync(job, cancellationToken), cancellationToken).ConfigureAwait(false);
        Forget(job);
        signals.Changed();
    }

    /// <summary>A job as it changes, until it has ended: at once, and then at most once a second.</summary>
    /// <param name="job">The job.</param>
    /// <param name="seen">The version that the caller has already.</param>
    /// <param name="cancellationToken">The caller left.</param>
    public async IAsyncEnumerable<(long Version, JobAnswer Job)> WatchAsync(
        string job,
        long seen,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var change = signals.Next;
            var record = await FindAsync(job, cancellationToken).ConfigureAwait(false);
            var answer = Answer(record);
            if (record.Version != seen || answer.State != record.State)
            {
                seen = record.Version;
                yield return (seen, answer);
            }

            if (answer.State is JobState.Succeeded or JobState.Failed or JobState.Cancelled)
            {
                yield break;
            }

            await JobSignals.WaitAsync(change, Look, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes jobs whose time is over.</summary>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        if (storage.Exists)
        {
            var store = await storage.OpenAsync(cancellationToken).ConfigureAwait(false);
            DateTimeOffset? endedBefore = options.RetentionDays > 0 ? time.GetUtcNow().AddDays(-options.RetentionDays) : null;
            foreach (var job in await store.StaleAsync(endedBefore, cancellationToken).ConfigureAwait(false))
            {
                await store.DeleteAsync(job, cancellationToken).ConfigureAwait(false);
                Forget(job);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        worker.Dispose();
        storage.Dispose();
    }

    /// <summary>What this process remembers of a job that is gone.</summary>
    private void Forget(string job)
    {
        failures.Remove(job);
        taught.TryRemove(job, out _);
        summed.Forget(job);
    }

    private async Task<JobAnswer> CreateAsync(
        JobRequest request,
        RowTemplate template,
        InputFile? file,
        (JobRecord? Answered, JobRecord? Before) jobs,
        Post post,
        CancellationToken cancellationToken
    )
    {
        var spec = request with
        {
            Input = request.Input is { } input ? input with { Texts = null } : null,
            // The default may be another by the time that a row is asked.
            Request =
                file is not null && template.Model is null && models.Default is { } otherwise
                    ? RowTemplate.WithModel(request.Request, otherwise)
                    : request.Request,
        };
        return await storage
            .UseAsync(
                store =>
                {
                    var source = new JobSource(store, file, request.Input?.Format, jobs.Answered, jobs.Before);
                    JobChecks.Pictures(request, source.Facts.Format);
                    var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
                    // No header holds a line break, so that no key of one owner reads like another's.
                    var key = post.Key is null || post.By is null ? post.Key : $"{post.By}\n{post.Key}";
                    var job = new NewJob(id, key, Fingerprint(spec, source.Facts), spec, post.By);
                    return CreateAsync(store, job, source, post.Begun, cancellationToken);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private async Task<JobAnswer> CreateAsync(
        IJobStore store,
        NewJob job,
        JobSource source,
        Action<JobAnswer>? begun,
        CancellationToken cancellationToken
    )
    {
        if (await store.BeginAsync(job, cancellationToken).ConfigureAwait(false) is { } same)
        {
            return same.Fingerprint != job.Fingerprint
                    ? throw InvalidRequestException.CannotDo("Idempotency-Key", "Another job was posted with this Idempotency-Key.")
                : same.State is null ? throw JobRefusals.Conflict("The job of this Idempotency-Key is still being read.")
                : Answer(same);
        }

        try
        {
            await JobPlaces.CheckAsync(store, options.MaxUnfinished, job, cancellationToken).ConfigureAwait(false);
            var rows = await new JobPlanner(store, options, redaction).PlanAsync(job, source, cancellationToken).ConfigureAwait(false);
            begun?.Invoke(await GetAsync(job.Id, cancellationToken).ConfigureAwait(false));
            observer.Posted(job.Id, rows);
        }
        catch
        {
            await store.DeleteAsync(job.Id, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        signals.Changed();
        return await GetAsync(job.Id, cancellationToken).ConfigureAwait(false);
    }

    private async Task<InputFile> OpenAsync(JobInput input, CancellationToken cancellationToken)
    {
        if (input.Texts is { } texts)
        {
            return InputFile.Of(texts);
        }

        var path = InputFolder.Find(options.InputDirectory, input.Path!);
        if (!System.IO.Directory.Exists(path))
        {
            return await InputFile.OpenAsync(path, MaxInputBytes, cancellationToken).ConfigureAwait(false);
        }

        return input.Format is null or RowFormat.Zip
            ? await PictureFolder.PackAsync(path, Folder, MaxInputBytes, cancellationToken).ConfigureAwait(false)
            : throw InvalidRequestException.CannotDo("input.format", "The path names a folder, and folders are of pictures.");
    }

    private async Task<JobAnswer> ChangeAsync(string job, JobState[] from, JobState to, CancellationToken cancellationToken)
    {
        var changed = await storage
            .UseAsync(store => store.ChangeAsync(job, from, to, null, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var now = await GetAsync(job, cancellationToken).ConfigureAwait(false);
        signals.Changed();
        // Asked for twice is asked for once; a resumed job may be on its way already.
        var isThere = now.State == to || (to == JobState.Queued && now.State == JobState.Running);
        return changed || isThere
            ? now
            : throw JobRefusals.Conflict(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The job is {EnumNames.Of(now.State)}; only one that is {string.Join(" or ", from.Select(EnumNames.Of))} can become {EnumNames.Of(to)}."
                )
            );
    }

    private async Task<JobRecord> FindAsync(string job, CancellationToken cancellationToken) =>
        (
            storage.Exists
                ? await storage.UseAsync(store => store.FindAsync(job, cancellationToken), cancellationToken).ConfigureAwait(false)
                : null
        ) ?? throw JobRefusals.NotFound();

    /// <summary>A job whose answers another is about.</summary>
    private async Task<JobRecord?> EndedAsync(string? job, CancellationToken cancellationToken) =>
        job is null ? null
        : await FindAsync(job, cancellationToken).ConfigureAwait(false) is { State: JobState.Succeeded or JobState.Cancelled } ended ? ended
        : throw JobRefusals.Conflict("A drift is of jobs that have ended: succeeded or cancelled.");

    private JobAnswer Answer(JobRecord job) => JobAnswers.Of(job, failures.Of(job.Id));

    private static string Fingerprint(JobRequest spec, InputFacts input) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(spec, JobsJson.Of<JobRequest>()) + input.Sha256))
        );

    /// <summary>How a job was posted.</summary>
    /// <param name="Key">The caller's <c>Idempotency-Key</c>.</param>
    /// <param name="By">Whose it is.</param>
    /// <param name="Begun">Is told of a new one.</param>
    private sealed record Post(string? Key, string? By, Action<JobAnswer>? Begun);
}
