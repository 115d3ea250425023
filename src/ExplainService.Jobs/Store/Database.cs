using System.Data.Common;
using System.Runtime.CompilerServices;

namespace ExplainService.Jobs.Store;

/// <summary>What two kinds of databases say differently. Everything else is the same SQL.</summary>
internal abstract class Database
{
    /// <summary>Whether it is there already.</summary>
    public abstract bool Exists { get; }

    /// <summary>Milliseconds since 1970 by the database's own clock: workers on several machines must agree on when a lease ends.</summary>
    public abstract string Now { get; }

    /// <summary>Of bytes.</summary>
    public abstract string BlobType { get; }

    /// <summary>Of columns that may be there already; empty where there are no such words, and the statement fails.</summary>
    public virtual string IfNotExists => "";

    /// <summary>Ends a query for rows that nobody else is about to take.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Opens a connection.</summary>
    public abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Makes the file, where it is one, and what it needs before there are tables.</summary>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Waits for the turn to change something; released when disposed.</summary>
    public virtual ValueTask<IDisposable?> TurnAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IDisposable?>(null);

    /// <summary>What deleted rows leave is overwritten, and given back to the disk.</summary>
    public virtual Task TidyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether an exception says that there is no room on the disk.</summary>
    public abstract bool IsFull(DbException exception);

    /// <summary>Whether a worker of this machine is known to be dead, so that nobody has to wait for the end of its leases.</summary>
    public virtual bool IsDead(string owner, string self) => Owners.IsDead(owner, self);

    /// <summary>Runs statements in one transaction.</summary>
    /// <exception cref="DbException">The database refuses, or is away: nothing has changed, or all has if the end of it was cut off.</exception>
    public async Task<T> ChangeAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        using var turn = await TurnAsync(cancellationToken).ConfigureAwait(false);
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var open = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var begun = transaction.ConfigureAwait(false);
        var result = await work(new Session(connection, transaction)).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Reads.</summary>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var open = connection.ConfigureAwait(false);
        return await work(new Session(connection, null)).ConfigureAwait(false);
    }
}

/// <summary>A connection, in a transaction or not.</summary>
internal sealed class Session(DbConnection connection, DbTransaction? transaction)
{
    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] values)
    {
        var command = Command(sql, values);
        await using var made = command.ConfigureAwait(false);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads rows, one at a time.</summary>
    public async IAsyncEnumerable<T> QueryAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        params (string Name, object? Value)[] values
    )
    {
        var command = Command(sql, values);
        await using var made = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return read(reader);
        }
    }

    private DbCommand Command(string sql, (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this room; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            if (value is null)
            {
                // A null must say of what kind it is: only texts may be.
                parameter.DbType = System.Data.DbType.String;
            }

            command.Parameters.Add(parameter);
        }

        return command;
    }
}
