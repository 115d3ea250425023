using System.Collections.Concurrent;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Statistics;
using ExplainService.Jobs.Store;

namespace ExplainService.Jobs.Service;

/// <summary>
/// The sums of the jobs that were last asked about, with how far each has been read: asking again reads only what was done since. A
/// process that knows nothing of a job reads its results from the first on.
/// </summary>
internal sealed class SummedJobs
{
    /// <summary>Jobs whose sums are kept.</summary>
    private const int Most = 4;

    private readonly ConcurrentDictionary<string, Summed> jobs = new();

    /// <summary>Sums up what is new of a job, and reads the sums.</summary>
    /// <param name="store">Where the results are.</param>
    /// <param name="job">The job.</param>
    /// <param name="read">Reads them; nobody else does meanwhile.</param>
    /// <param name="cancellationToken">The reader left.</param>
    public async Task<T> UseAsync<T>(IJobStore store, JobRecord job, Func<SummaryFold, T> read, CancellationToken cancellationToken)
    {
        if (!jobs.ContainsKey(job.Id) && jobs.Count >= Most)
        {
            jobs.Clear();
        }

        var summed = jobs.GetOrAdd(job.Id, _ => new Summed(new SummaryFold(job.Spec.Kind, job.Spec.Request)));
        await summed.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await foreach (var segment in store.ResultsAsync(job.Id, summed.Through, cancellationToken).ConfigureAwait(false))
            {
                // A fold that broke in the middle of a segment would count rows twice.
                var isWhole = false;
                try
                {
                    summed.Fold.Add(Segments.Unpack(segment.Body));
                    isWhole = true;
                }
                finally
                {
                    if (!isWhole)
                    {
                        Forget(job.Id);
                    }
                }

                summed.Through = segment.FirstRow + segment.Rows - 1;
            }

            return read(summed.Fold);
        }
        finally
        {
            summed.Turn.Release();
        }
    }

    /// <summary>The job is gone.</summary>
    public void Forget(string job) => jobs.TryRemove(job, out _);

    /// <summary>How many rows of a job have been summed up.</summary>
    internal long ThroughOf(string job) => jobs.TryGetValue(job, out var summed) ? summed.Through : 0;

    private sealed class Summed(SummaryFold fold)
    {
        public SummaryFold Fold => fold;

        public SemaphoreSlim Turn { get; } = new(1);

        public long Through { get; set; }
    }
}
