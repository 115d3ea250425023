using ExplainService.Jobs;

namespace ExplainService.Api.Telemetry;

/// <summary>Logs what becomes of jobs.</summary>
internal sealed class JobLog(ILogger<JobLog> log) : IJobObserver
{
    /// <inheritdoc/>
    public void Posted(string job, long rows) => log.JobPosted(job, rows);

    /// <inheritdoc/>
    public void Ended(string job, string state) => log.JobEnded(job, state);

    /// <inheritdoc/>
    public void GivenUp(string job, long firstRow) => log.ChunkGivenBack(job, firstRow);

    /// <inheritdoc/>
    public void StoreLost(string reason) => log.JobStoreLost(reason);

    /// <inheritdoc/>
    public void StoreFound() => log.JobStoreFound();

    /// <inheritdoc/>
    public void Faulted(Exception fault) => log.UnhandledException(fault);
}
