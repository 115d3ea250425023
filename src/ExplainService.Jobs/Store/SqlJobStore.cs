using System.Data.Common;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Store;

/// <summary>Jobs: begun, planned, found, changed, removed. The chunks of a job are in the other part of this class.</summary>
internal sealed partial class SqlJobStore(Database database) : IJobStore
{
    /// <summary>An upload that has not come to its end by then has lost its process.</summary>
    private const long LongestPlanning = 6 * 3600 * 1000;

    private const string Live = "('queued', 'running', 'paused')";

    /// <inheritdoc/>
    public bool Exists => database.Exists;

    /// <inheritdoc/>
    public async Task OpenAsync(string owner, CancellationToken cancellationToken)
    {
        await database.PrepareAsync(cancellationToken).ConfigureAwait(false);
        foreach (var statement in Schema.Statements(database))
        {
            await CreateAsync(statement, cancellationToken).ConfigureAwait(false);
        }

        var owners = await ListAsync(
                "SELECT DISTINCT owner FROM explain_chunks WHERE done = 0 AND owner IS NOT NULL",
                row => row.GetString(0),
                cancellationToken
            )
            .ConfigureAwait(false);
        foreach (var dead in owners.Where(other => database.IsDead(other, owner)))
        {
            await ChangeAsync(
                    "UPDATE explain_chunks SET owner = NULL, lease_until = 0 WHERE done = 0 AND owner = @owner",
                    cancellationToken,
                    ("owner", dead)
                )
                .ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<JobRecord?> BeginAsync(NewJob job, CancellationToken cancellationToken)
    {
        var begun = await ChangeAsync(
                $"""
                INSERT INTO explain_jobs (id, idempotency_key, fingerprint, spec, created, version, last_taken, pace_done, row_count, done, skipped, failed, posted_by)
                VALUES (@id, @key, @fingerprint, @spec, {database.Now}, 1, 0, 0, 0, 0, 0, 0, @owner) ON CONFLICT (idempotency_key) DO NOTHING
                """,
                cancellationToken,
                ("id", job.Id),
                ("key", job.Key),
                ("fingerprint", job.Fingerprint),
                ("owner", job.PostedBy),
                ("spec", JsonSerializer.Serialize(job.Spec, JobsJson.Of<JobRequest>()))
            )
            .ConfigureAwait(false);
        return begun == 1
            ? null
            : await OneAsync("idempotency_key = @key", cancellationToken, ("key", job.Key)).ConfigureAwait(false)
                ?? await BeginAsync(job, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task PlanAsync(string job, long rows, InputFacts input, string? modelHashes, CancellationToken cancellationToken) =>
        await ChangeAsync(
                "UPDATE explain_jobs SET state = 'queued', row_count = @rows, input = @input, model_hashes = @hashes, version = version + 1 WHERE id = @job",
                cancellationToken,
                ("hashes", modelHashes),
                ("job", job),
                ("rows", rows),
                ("input", JsonSerializer.Serialize(input, JobsJson.Of<InputFacts>()))
            )
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<JobRecord?> FindAsync(string job, CancellationToken cancellationToken) =>
        await OneAsync("id = @job AND state IS NOT NULL", cancellationToken, ("job", job)).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobRecord>> ListAsync(
        JobState? state,
        string? postedBy,
        string? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ListAsync(
            $"""
            SELECT {JobColumnsOf.Names}, {database.Now} FROM explain_jobs
            WHERE state IS NOT NULL AND (@state = '' OR state = @state) AND (@after = '' OR id < @after)
            AND (@owner = '' OR posted_by = @owner) ORDER BY id DESC LIMIT @limit
            """,
            JobColumnsOf.Read,
            cancellationToken,
            ("state", state is { } wanted ? EnumNames.Of(wanted) : ""),
            ("after", after ?? ""),
            ("owner", postedBy ?? ""),
            ("limit", limit)
        );

    /// <inheritdoc/>
    public async Task<(int All, int Own)> CountUnfinishedAsync(string? postedBy, CancellationToken cancellationToken) =>
        (
            await ListAsync(
                    $"""
                    SELECT COUNT(*), COUNT(CASE WHEN posted_by = @owner THEN 1 END)
                    FROM explain_jobs WHERE state IN {Live} OR state IS NULL
                    """,
                    row => ((int)row.GetInt64(0), (int)row.GetInt64(1)),
                    cancellationToken,
                    ("owner", postedBy ?? "")
                )
                .ConfigureAwait(false)
        )[0];

    /// <inheritdoc/>
    public async Task<bool> ChangeAsync(
        string job,
        IReadOnlyList<JobState> from,
        JobState to,
        string? error,
        CancellationToken cancellationToken
    )
    {
        var set = to switch
        {
            // Begun anew: the pace before says nothing of the pace now.
            JobState.Queued => "error = NULL, finished = NULL, pace_from = NULL, pace_done = done",
            JobState.Paused => "error = NULL",
            _ => $"error = @error, finished = {database.Now}",
        };
        var states = string.Join(", ", from.Select(state => $"'{EnumNames.Of(state)}'"));
        return await ChangeAsync(
                    $"UPDATE explain_jobs SET state = @to, version = version + 1, {set} WHERE id = @job AND state IN ({states})",
                    cancellationToken,
                    ("job", job),
                    ("to", EnumNames.Of(to)),
                    ("error", error)
                )
                .ConfigureAwait(false) == 1;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string job, CancellationToken cancellationToken)
    {
        // Chunks before jobs, as everybody locks them.
        string[] tables = ["explain_chunks", "explain_inputs", "explain_results"];
        var deleted = await database
            .ChangeAsync(
                async session =>
                {
                    foreach (var table in tables)
                    {
                        await session
                            .ExecuteAsync($"DELETE FROM {table} WHERE job = @job", cancellationToken, ("job", job))
                            .ConfigureAwait(false);
                    }

                    return await session
                        .ExecuteAsync("DELETE FROM explain_jobs WHERE id = @job", cancellationToken, ("job", job))
                        .ConfigureAwait(false);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        await database.TidyAsync(cancellationToken).ConfigureAwait(false);
        return deleted == 1;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> StaleAsync(DateTimeOffset? endedBefore, CancellationToken cancellationToken) =>
        ListAsync(
            $"""
            SELECT id FROM explain_jobs WHERE (state IS NULL AND created < {database.Now} - @planning)
            OR (state NOT IN {Live} AND finished < @before)
            """,
            row => row.GetString(0),
            cancellationToken,
            ("planning", LongestPlanning),
            ("before", endedBefore?.ToUnixTimeMilliseconds() ?? 0)
        );

    /// <summary>Several processes may start at once, and PostgreSQL's IF NOT EXISTS is no lock: what another has just made is there.</summary>
    private async Task CreateAsync(string statement, CancellationToken cancellationToken)
    {
        try
        {
            await ChangeAsync(statement, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException taken)
            when (taken.SqlState is "23505" or "42P07" or "42710" or "42701"
                || taken.Message.Contains("duplicate column", StringComparison.Ordinal)
            )
        {
            // Made before, or by another process in the same moment.
        }
    }

    private async Task<JobRecord?> OneAsync(
        string condition,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] values
    ) =>
        await ListAsync(
                $"SELECT {JobColumnsOf.Names}, {database.Now} FROM explain_jobs WHERE {condition}",
                JobColumnsOf.Read,
                cancellationToken,
                values
            )
            .ConfigureAwait(false)
            is [var one, ..]
            ? one
            : null;

    private Task<int> ChangeAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] values) =>
        database.ChangeAsync(session => session.ExecuteAsync(sql, cancellationToken, values), cancellationToken);

    private Task<IReadOnlyList<T>> ListAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] values
    ) => database.ReadAsync(session => ListAsync(session, sql, read, cancellationToken, values), cancellationToken);

    private static async Task<IReadOnlyList<T>> ListAsync<T>(
        Session session,
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] values
    )
    {
        List<T> all = [];
        await foreach (var one in session.QueryAsync(sql, read, cancellationToken, values).ConfigureAwait(false))
        {
            all.Add(one);
        }

        return all;
    }
}
