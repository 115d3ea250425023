using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace ExplainService.Jobs.Store;

/// <summary>One file, read while it is written (WAL). Nothing to set up.</summary>
/// <param name="file">Its full path.</param>
internal sealed class SqliteDatabase(string file) : Database, IDisposable
{
    private const int Full = 13;

    /// <summary>What a write that the system refused is called; of a file that it no longer can extend among others.</summary>
    private const int InputOutputError = 10;

    private const int InputOutputErrorWrite = InputOutputError | (3 << 8);

    private readonly SemaphoreSlim turn = new(1);

    private readonly string connection = new SqliteConnectionStringBuilder
    {
        DataSource = file,
        DefaultTimeout = 30,
        ForeignKeys = false,
    }.ToString();

    /// <inheritdoc/>
    public override bool Exists => File.Exists(file);

    /// <inheritdoc/>
    public override string Now => "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    /// <inheritdoc/>
    public override string BlobType => "BLOB";

    /// <inheritdoc/>
    public override string SkipLocked => "";

    /// <inheritdoc/>
    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var opened = new SqliteConnection(connection);
        try
        {
            await opened.OpenAsync(cancellationToken).ConfigureAwait(false);
            // NORMAL: what was committed is there after a process died; after a power cut the last chunks may have to be computed again.
            await new Session(opened, null)
                .ExecuteAsync("PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;", cancellationToken)
                .ConfigureAwait(false);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var opened = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var open = opened.ConfigureAwait(false);
        await new Session(opened, null)
            .ExecuteAsync("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;", cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>SQLite lets one write at a time; waiting here is fair and blocks no thread, as its own waiting would.</remarks>
    public override async ValueTask<IDisposable?> TurnAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turn);
    }

    /// <inheritdoc/>
    public override async Task TidyAsync(CancellationToken cancellationToken)
    {
        using var mine = await TurnAsync(cancellationToken).ConfigureAwait(false);
        await ReadAsync(
                session => session.ExecuteAsync("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);", cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override bool IsFull(DbException exception) =>
        exception is SqliteException sqlite && (sqlite.SqliteErrorCode == Full || sqlite.SqliteExtendedErrorCode == InputOutputErrorWrite);

    /// <inheritdoc/>
    public void Dispose()
    {
        turn.Dispose();
        using var pooled = new SqliteConnection(connection);
        SqliteConnection.ClearPool(pooled);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
