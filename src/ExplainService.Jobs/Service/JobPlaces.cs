using ExplainService.Jobs.Store;
using ExplainService.Runtime;

namespace ExplainService.Jobs.Service;

/// <summary>Places for jobs that are not finished: somebody may have as many as they leave for others.</summary>
internal static class JobPlaces
{
    private static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(30);

    /// <summary>Refuses a job for which there is no place.</summary>
    /// <param name="store">Where it is, begun.</param>
    /// <param name="most">The places.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="ServiceBusyException">429.</exception>
    public static async Task CheckAsync(IJobStore store, int most, NewJob job, CancellationToken cancellationToken)
    {
        // This one is among them.
        var (all, own) = await store.CountUnfinishedAsync(job.PostedBy, cancellationToken).ConfigureAwait(false);
        if (all > most)
        {
            throw new ServiceBusyException(FormattableString.Invariant($"{most} jobs are not finished (Jobs:MaxUnfinished)."), WhenFull);
        }

        if (own > Math.Max(1, most - all))
        {
            throw new ServiceBusyException(
                FormattableString.Invariant(
                    $"{own - 1} jobs of this key are not finished, and others have no more places left (Jobs:MaxUnfinished is {most})."
                ),
                WhenFull
            );
        }
    }
}
