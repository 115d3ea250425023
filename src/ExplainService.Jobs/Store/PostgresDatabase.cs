using System.Data.Common;
using Npgsql;

namespace ExplainService.Jobs.Store;

/// <summary>A server that several processes share.</summary>
/// <param name="connection">How to reach it.</param>
internal sealed class PostgresDatabase(string connection) : Database, IDisposable
{
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(connection);

    /// <inheritdoc/>
    public override bool Exists => true;

    /// <inheritdoc/>
    public override string Now => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    /// <inheritdoc/>
    public override string BlobType => "BYTEA";

    /// <inheritdoc/>
    public override string IfNotExists => "IF NOT EXISTS ";

    /// <inheritdoc/>
    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    /// <inheritdoc/>
    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override bool IsFull(DbException exception) => exception.SqlState == PostgresErrorCodes.DiskFull;

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
