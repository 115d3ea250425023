using ExplainService.Jobs;
using ExplainService.Jobs.Service;

namespace ExplainService.Api.Hosting;

/// <summary>Works on jobs for as long as the process runs, and removes those whose time is over.</summary>
internal sealed class JobsHost(JobService jobs, JobOptions options, IJobObserver observer, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.Role == JobRole.Api ? CleanAsync(stoppingToken) : Task.WhenAll(jobs.WorkAsync(stoppingToken), CleanAsync(stoppingToken));

    private async Task CleanAsync(CancellationToken stopping)
    {
        // Leaves the host free to open its port first.
        await Task.Yield();
        using var timer = new PeriodicTimer(CleanEvery, time);
        do
        {
            try
            {
                await jobs.CleanAsync(stopping).ConfigureAwait(false);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                // The database is away: the next time will do.
                observer.Faulted(failure);
            }
        } while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
    }
}
