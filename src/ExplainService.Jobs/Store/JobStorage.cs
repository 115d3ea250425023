using System.Data.Common;
using System.Net.Sockets;
using ExplainService.Runtime;

namespace ExplainService.Jobs.Store;

/// <summary>The store, opened when it is first needed: a service that is never sent a job makes no file and asks no server.</summary>
internal sealed class JobStorage : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Database database;
    private readonly SqlJobStore store;
    private readonly SemaphoreSlim opening = new(1);
    private bool opened;

    /// <summary>A store by the settings; nothing is opened yet.</summary>
    public JobStorage(JobOptions options)
    {
        database = options.IsPostgres ? new PostgresDatabase(options.Storage) : new SqliteDatabase(options.DatabaseFile);
        store = new SqlJobStore(database);
        Owner = Owners.New();
    }

    /// <summary>The name of this process among workers.</summary>
    public string Owner { get; }

    /// <summary>Whether there is a database yet.</summary>
    public bool Exists => database.Exists;

    /// <summary>The store, ready for use.</summary>
    public async ValueTask<IJobStore> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref opened))
        {
            return store;
        }

        await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!opened)
            {
                await store.OpenAsync(Owner, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref opened, true);
            }

            return store;
        }
        finally
        {
            opening.Release();
        }
    }

    /// <summary>Uses the store on behalf of a caller.</summary>
    /// <exception cref="ServiceBusyException">503: it does not answer.</exception>
    public async Task<T> UseAsync<T>(Func<IJobStore, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            return await use(await OpenAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsLoss(failure))
        {
            throw new ServiceBusyException(Reason(failure), RetryAfter, unavailable: true);
        }
    }

    /// <summary>Whether an exception is the database's, or that of the way to it.</summary>
    public static bool IsLoss(Exception failure) =>
        failure is DbException or SocketException or TimeoutException or IOException or UnauthorizedAccessException;

    /// <summary>Whether an exception says that the disk is full.</summary>
    public bool IsFull(Exception failure) =>
        failure is DbException refused ? database.IsFull(refused) : failure is IOException { HResult: 28 or unchecked((int)0x80070070) };

    /// <summary>Why the store does not answer, for callers and operators: nothing that could hold a password.</summary>
    public string Reason(Exception failure) =>
        IsFull(failure) ? "The disk of the jobs' database is full."
        : failure is UnauthorizedAccessException ? "The folder of jobs (Jobs:Directory) cannot be written."
        : "The database of jobs (Jobs:Storage) does not answer.";

    /// <inheritdoc/>
    public void Dispose()
    {
        (database as IDisposable)?.Dispose();
        opening.Dispose();
    }
}
