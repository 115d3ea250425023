using System.Runtime.CompilerServices;

namespace ExplainService.Jobs.Store;

/// <content>Chunks: leased, renewed, done.</content>
internal sealed partial class SqlJobStore
{
    /// <summary>After so long without a sign of life a worker is taken for dead. Signs come four times as often.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>Segments that are read at once: they are small, and a reader may be slow.</summary>
    private const int SegmentsAtOnce = 16;

    private static readonly long LeaseMilliseconds = (long)Lease.TotalMilliseconds;

    /// <inheritdoc/>
    public Task AddChunksAsync(string job, IReadOnlyList<NewChunk> chunks, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async session =>
            {
                await AddAsync(session, job, chunks, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    /// <remarks>It stands before the first row, as a segment of none.</remarks>
    public Task AddSharedAsync(string job, byte[] body, CancellationToken cancellationToken) =>
        ChangeAsync(
            "INSERT INTO explain_inputs (job, first_row, row_count, body) VALUES (@job, 0, 0, @body)",
            cancellationToken,
            ("job", job),
            ("body", body)
        );

    /// <inheritdoc/>
    public Task<byte[]?> SharedAsync(string job, CancellationToken cancellationToken) =>
        BodyAsync("SELECT body FROM explain_inputs WHERE job = @job AND first_row = 0", job, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>It stands before the first result, as a segment of none.</remarks>
    public Task KeepAsync(string job, byte[] body, CancellationToken cancellationToken) =>
        ChangeAsync(
            """
            INSERT INTO explain_results (job, first_row, row_count, body)
            SELECT id, 0, 0, @body FROM explain_jobs WHERE id = @job ON CONFLICT (job, first_row) DO NOTHING
            """,
            cancellationToken,
            ("job", job),
            ("body", body)
        );

    /// <inheritdoc/>
    public Task<byte[]?> KeptAsync(string job, CancellationToken cancellationToken) =>
        BodyAsync("SELECT body FROM explain_results WHERE job = @job AND first_row = 0", job, cancellationToken);

    /// <inheritdoc/>
    public async Task<ChunkLease?> TakeAsync(string owner, int maxRunning, Func<string, bool> hasRoom, CancellationToken cancellationToken)
    {
        var jobs = await ListAsync(
                "SELECT id, spec, state, posted_by, last_taken FROM explain_jobs WHERE state IN ('queued', 'running') ORDER BY last_taken, id",
                row =>
                    (
                        Id: row.GetString(0),
                        Spec: row.GetString(1),
                        Running: row.GetString(2) == "running",
                        PostedBy: row.IsDBNull(3) ? null : row.GetString(3),
                        LastTaken: row.GetInt64(4)
                    ),
                cancellationToken
            )
            .ConfigureAwait(false);
        // One whose owner's budget is used up holds no place that others could have.
        var possible = jobs.Where(job => job.PostedBy is null || hasRoom(job.PostedBy)).ToList();
        var running = possible.Where(job => job.Running).Select(job => job.PostedBy).ToList();
        // Those who posted jobs take turns, and the jobs of each among themselves.
        var turns = possible.ToLookup(job => job.PostedBy);
        foreach (var (id, spec, isRunning, postedBy, _) in possible.OrderBy(job => turns[job.PostedBy].Max(other => other.LastTaken)))
        {
            // However many somebody has, the first of another's runs beside them.
            if (!isRunning && running.Count >= maxRunning && running.Contains(postedBy))
            {
                continue;
            }

            if (await TakeAsync(id, owner, cancellationToken).ConfigureAwait(false) is var (first, rows, tries, body))
            {
                return new ChunkLease(new ChunkKey(id, first), rows, tries, body, JobColumnsOf.Spec(spec), postedBy);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<ChunkKey>> RenewAsync(string owner, CancellationToken cancellationToken)
    {
        await ChangeAsync(
                $"UPDATE explain_chunks SET lease_until = {database.Now} + @lease WHERE done = 0 AND owner = @owner",
                cancellationToken,
                ("owner", owner),
                ("lease", LeaseMilliseconds)
            )
            .ConfigureAwait(false);
        var mine = await ListAsync(
                $"""
                SELECT c.job, c.first_row FROM explain_chunks c JOIN explain_jobs j ON j.id = c.job
                WHERE c.done = 0 AND c.owner = @owner AND j.state IN {Live}
                """,
                row => new ChunkKey(row.GetString(0), row.GetInt64(1)),
                cancellationToken,
                ("owner", owner)
            )
            .ConfigureAwait(false);
        return mine.ToHashSet();
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(ChunkKey chunk, string owner, CancellationToken cancellationToken) =>
        ChangeAsync(
            """
            UPDATE explain_chunks SET owner = NULL, lease_until = 0, tries = tries - 1
            WHERE job = @job AND first_row = @first AND owner = @owner AND done = 0
            """,
            cancellationToken,
            ("job", chunk.Job),
            ("first", chunk.FirstRow),
            ("owner", owner)
        );

    /// <inheritdoc/>
    public Task SplitAsync(ChunkLease lease, IReadOnlyList<NewChunk> parts, string owner, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async session =>
            {
                (string, object?)[] key = [("job", lease.Key.Job), ("first", lease.Key.FirstRow), ("owner", owner)];
                var mine = await session
                    .ExecuteAsync(
                        "DELETE FROM explain_chunks WHERE job = @job AND first_row = @first AND owner = @owner AND done = 0",
                        cancellationToken,
                        key
                    )
                    .ConfigureAwait(false);
                if (mine == 1)
                {
                    await session
                        .ExecuteAsync("DELETE FROM explain_inputs WHERE job = @job AND first_row = @first", cancellationToken, key[..2])
                        .ConfigureAwait(false);
                    await AddAsync(session, lease.Key.Job, parts, cancellationToken).ConfigureAwait(false);
                }

                return mine;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> CommitAsync(ChunkLease lease, ChunkResult result, string owner, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async session =>
            {
                (string, object?)[] key = [("job", lease.Key.Job), ("first", lease.Key.FirstRow), ("owner", owner)];
                var mine = await session
                    .ExecuteAsync(
                        "UPDATE explain_chunks SET done = 1 WHERE job = @job AND first_row = @first AND owner = @owner AND done = 0",
                        cancellationToken,
                        key
                    )
                    .ConfigureAwait(false);
                if (mine == 0)
                {
                    // Perhaps said before, and the answer was lost with the connection.
                    var before = await ListAsync(
                            session,
                            "SELECT done FROM explain_chunks WHERE job = @job AND first_row = @first AND owner = @owner",
                            row => row.GetInt32(0) == 1,
                            cancellationToken,
                            key
                        )
                        .ConfigureAwait(false);
                    return before is [true];
                }

                await session
                    .ExecuteAsync(
                        "INSERT INTO explain_results (job, first_row, row_count, body) VALUES (@job, @first, @rows, @body)",
                        cancellationToken,
                        [.. key[..2], ("rows", lease.Rows), ("body", result.Body)]
                    )
                    .ConfigureAwait(false);
                await session
                    .ExecuteAsync(
                        $"""
                        UPDATE explain_jobs SET done = done + @rows, skipped = skipped + @skipped, failed = failed + @failed, version = version + 1,
                          model_hashes = CASE WHEN @hash = '' THEN model_hashes WHEN model_hashes IS NULL THEN @hash
                            WHEN model_hashes LIKE '%' || @hash || '%' THEN model_hashes ELSE model_hashes || ',' || @hash END,
                          finished = CASE WHEN done + @rows >= row_count THEN {database.Now} ELSE finished END,
                          error = CASE WHEN done + @rows >= row_count THEN NULL ELSE error END,
                          state = CASE WHEN done + @rows >= row_count AND state <> 'cancelled' THEN 'succeeded' ELSE state END WHERE id = @job
                        """,
                        cancellationToken,
                        ("job", lease.Key.Job),
                        ("rows", lease.Rows),
                        ("skipped", result.Skipped),
                        ("failed", result.Failed),
                        ("hash", result.ModelHash ?? "")
                    )
                    .ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async IAsyncEnumerable<Segment> ResultsAsync(
        string job,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        long? next = null;
        await foreach (var segment in SegmentsAsync("explain_results", job, after, cancellationToken).ConfigureAwait(false))
        {
            if (next is { } expected ? segment.FirstRow != expected : segment.FirstRow > after + 1)
            {
                // A chunk before it is not done: rows come in order, or not yet.
                yield break;
            }

            next = segment.FirstRow + segment.Rows;
            yield return segment;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Segment> InputsAsync(string job, CancellationToken cancellationToken) =>
        SegmentsAsync("explain_inputs", job, 0, cancellationToken);

    private async Task<(long First, int Rows, int Tries, byte[] Body)?> TakeAsync(
        string job,
        string owner,
        CancellationToken cancellationToken
    ) =>
        await database
            .ChangeAsync(
                async session =>
                {
                    var taken = await ListAsync(
                            session,
                            $"""
                            UPDATE explain_chunks SET owner = @owner, lease_until = {database.Now} + @lease, tries = tries + 1
                            WHERE job = @job AND first_row = (SELECT first_row FROM explain_chunks
                              WHERE job = @job AND done = 0 AND (owner IS NULL OR lease_until < {database.Now})
                              ORDER BY first_row LIMIT 1 {database.SkipLocked})
                            RETURNING first_row, row_count, tries
                            """,
                            row => (First: row.GetInt64(0), Rows: row.GetInt32(1), Tries: row.GetInt32(2)),
                            cancellationToken,
                            ("job", job),
                            ("owner", owner),
                            ("lease", LeaseMilliseconds)
                        )
                        .ConfigureAwait(false);
                    if (taken is not [var chunk])
                    {
                        return null;
                    }

                    await session
                        .ExecuteAsync(
                            $"""
                            UPDATE explain_jobs SET last_taken = {database.Now}, started = COALESCE(started, {database.Now}),
                              pace_from = COALESCE(pace_from, {database.Now}), state = CASE WHEN state = 'queued' THEN 'running' ELSE state END,
                              version = version + CASE WHEN state = 'queued' THEN 1 ELSE 0 END WHERE id = @job
                            """,
                            cancellationToken,
                            ("job", job)
                        )
                        .ConfigureAwait(false);
                    var body = await ListAsync(
                            session,
                            "SELECT body FROM explain_inputs WHERE job = @job AND first_row = @first",
                            row => row.GetFieldValue<byte[]>(0),
                            cancellationToken,
                            ("job", job),
                            ("first", chunk.First)
                        )
                        .ConfigureAwait(false);
                    return ((long, int, int, byte[])?)(chunk.First, chunk.Rows, chunk.Tries, body[0]);
                },
                cancellationToken
            )
            .ConfigureAwait(false);

    private async Task<byte[]?> BodyAsync(string sql, string job, CancellationToken cancellationToken) =>
        await ListAsync(sql, row => row.GetFieldValue<byte[]>(0), cancellationToken, ("job", job)).ConfigureAwait(false) is [var body]
            ? body
            : null;

    private static async Task AddAsync(Session session, string job, IReadOnlyList<NewChunk> chunks, CancellationToken cancellationToken)
    {
        foreach (var chunk in chunks)
        {
            (string, object?)[] key = [("job", job), ("first", chunk.FirstRow), ("rows", chunk.Rows)];
            await session
                .ExecuteAsync(
                    "INSERT INTO explain_chunks (job, first_row, row_count, done, lease_until, tries) VALUES (@job, @first, @rows, 0, 0, 0)",
                    cancellationToken,
                    key
                )
                .ConfigureAwait(false);
            await session
                .ExecuteAsync(
                    "INSERT INTO explain_inputs (job, first_row, row_count, body) VALUES (@job, @first, @rows, @body)",
                    cancellationToken,
                    [.. key, ("body", chunk.Body)]
                )
                .ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<Segment> SegmentsAsync(
        string table,
        string job,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var some = await ListAsync(
                    $"""
                    SELECT first_row, row_count, body FROM {table}
                    WHERE job = @job AND first_row + row_count > @from
                        AND first_row >= COALESCE((SELECT MAX(first_row) FROM {table} WHERE job = @job AND first_row <= @from), 0)
                    ORDER BY first_row LIMIT @limit
                    """,
                    row => new Segment(row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2)),
                    cancellationToken,
                    ("job", job),
                    ("from", after + 1),
                    ("limit", SegmentsAtOnce)
                )
                .ConfigureAwait(false);
            foreach (var segment in some)
            {
                yield return segment;
                after = segment.FirstRow + segment.Rows - 1;
            }

            if (some.Count < SegmentsAtOnce)
            {
                yield break;
            }
        }
    }
}
