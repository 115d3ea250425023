using ExplainService.Runtime;

namespace ExplainService.Jobs.Work;

/// <summary>
/// Models that did not load in time. On a busy machine that is no fault of any row: the worker takes nothing more, loads again, and where that
/// does not help the job fails, to be resumed.
/// </summary>
internal sealed class LateModels(IModelRegistry models, JobFailures failures, TimeProvider time)
{
    private const int MaxLoads = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private Task again = Task.CompletedTask;

    /// <summary>Whether a model is being loaded again.</summary>
    public bool IsTriedAgain => !Volatile.Read(ref again).IsCompleted;

    /// <summary>Loads the models of a job again; nothing where that is being done already.</summary>
    /// <param name="job">The job.</param>
    /// <param name="needed">Its models.</param>
    /// <param name="stop">The worker stops.</param>
    public void TryAgain(string job, IReadOnlyList<string> needed, CancellationToken stop)
    {
        lock (gate)
        {
            if (!IsTriedAgain)
            {
                Volatile.Write(ref again, LoadAsync(job, needed, stop));
            }
        }
    }

    private async Task LoadAsync(string job, IReadOnlyList<string> needed, CancellationToken stop)
    {
        for (var load = 1; ; load++)
        {
            try
            {
                foreach (var model in needed)
                {
                    await models.LoadAsync(model, stop).ConfigureAwait(false);
                }

                return;
            }
            catch (ModelNotUsableException problem) when (load < MaxLoads && problem.IsLate)
            {
                // The machine may be less busy then, and the load that took too long have ended.
                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception problem)
            {
                if (!stop.IsCancellationRequested)
                {
                    failures.Add(job, problem is ModelNotUsableException ? problem.Message : "The job's model cannot be loaded now.");
                }

                return;
            }
        }
    }
}
