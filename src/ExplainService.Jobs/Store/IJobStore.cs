using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Store;

/// <summary>
/// The truth about jobs. A job's rows are cut into chunks; a chunk is leased to a worker, and its results, its being done and the job's
/// counts change in one transaction, so that whatever dies when, no row is lost and none is twice.
/// </summary>
internal interface IJobStore
{
    /// <summary>Whether there is a database yet, so that there can be work without anybody having posted a job to this process.</summary>
    bool Exists { get; }

    /// <summary>Makes what is missing of the database, and gives back at once what dead workers of this machine had leased.</summary>
    Task OpenAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Begins a job that nobody sees until <see cref="PlanAsync"/>.</summary>
    /// <returns>The job with the same key, which then nothing is begun beside; null where there is none.</returns>
    Task<JobRecord?> BeginAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>Adds rows to a job that is not planned yet.</summary>
    Task AddChunksAsync(string job, IReadOnlyList<NewChunk> chunks, CancellationToken cancellationToken);

    /// <summary>Keeps what all chunks of a job need beside their rows.</summary>
    Task AddSharedAsync(string job, byte[] body, CancellationToken cancellationToken);

    /// <summary>What all chunks of a job need; null where there is nothing.</summary>
    Task<byte[]?> SharedAsync(string job, CancellationToken cancellationToken);

    /// <summary>All rows are there: the job is queued.</summary>
    /// <param name="job">The job.</param>
    /// <param name="rows">How many.</param>
    /// <param name="input">What was read.</param>
    /// <param name="modelHashes">Of the models whose answers the rows have already, by commas; null: they have none.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task PlanAsync(string job, long rows, InputFacts input, string? modelHashes, CancellationToken cancellationToken);

    /// <summary>A job; null where there is none.</summary>
    Task<JobRecord?> FindAsync(string job, CancellationToken cancellationToken);

    /// <summary>Jobs, newest first.</summary>
    /// <param name="state">Of this state; null: any.</param>
    /// <param name="postedBy">Whose; null: everybody's.</param>
    /// <param name="after">Older than this one; null: from the newest.</param>
    /// <param name="limit">The most.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task<IReadOnlyList<JobRecord>> ListAsync(
        JobState? state,
        string? postedBy,
        string? after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>How many jobs are neither finished nor cancelled nor failed: all, and somebody's own.</summary>
    Task<(int All, int Own)> CountUnfinishedAsync(string? postedBy, CancellationToken cancellationToken);

    /// <summary>Changes the state of a job that is in one of some states.</summary>
    /// <returns>Whether it was.</returns>
    Task<bool> ChangeAsync(string job, IReadOnlyList<JobState> from, JobState to, string? error, CancellationToken cancellationToken);

    /// <summary>Leases a chunk to a worker: of the job that has waited longest for one.</summary>
    /// <param name="owner">The worker.</param>
    /// <param name="maxRunning">Jobs that may run at once.</param>
    /// <param name="hasRoom">Whether more may be done now for who posted a job.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>Null where there is nothing to do.</returns>
    Task<ChunkLease?> TakeAsync(string owner, int maxRunning, Func<string, bool> hasRoom, CancellationToken cancellationToken);

    /// <summary>A worker lives: its leases are renewed.</summary>
    /// <returns>The chunks that it still has, of jobs that go on.</returns>
    Task<IReadOnlySet<ChunkKey>> RenewAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Gives a chunk back undone, which counts as no try.</summary>
    Task ReleaseAsync(ChunkKey chunk, string owner, CancellationToken cancellationToken);

    /// <summary>Makes a chunk of each row of a chunk whose worker died again and again, so that only the row that kills is lost.</summary>
    Task SplitAsync(ChunkLease lease, IReadOnlyList<NewChunk> parts, string owner, CancellationToken cancellationToken);

    /// <summary>A chunk is done.</summary>
    /// <returns>Whether this worker still had it. Saying so again is no error.</returns>
    Task<bool> CommitAsync(ChunkLease lease, ChunkResult result, string owner, CancellationToken cancellationToken);

    /// <summary>Keeps what was found out for the papers of a job that has ended; what is kept already stays.</summary>
    Task KeepAsync(string job, byte[] body, CancellationToken cancellationToken);

    /// <summary>What was kept; null where there is nothing.</summary>
    Task<byte[]?> KeptAsync(string job, CancellationToken cancellationToken);

    /// <summary>Results in row order, from the first row after one up to the first chunk that is not done.</summary>
    IAsyncEnumerable<Segment> ResultsAsync(string job, long after, CancellationToken cancellationToken);

    /// <summary>The rows of the input, in order.</summary>
    IAsyncEnumerable<Segment> InputsAsync(string job, CancellationToken cancellationToken);

    /// <summary>Removes a job with all that was kept for it.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteAsync(string job, CancellationToken cancellationToken);

    /// <summary>Jobs that ended before a time (null: never mind), and those whose beginning was broken off.</summary>
    Task<IReadOnlyList<string>> StaleAsync(DateTimeOffset? endedBefore, CancellationToken cancellationToken);
}
