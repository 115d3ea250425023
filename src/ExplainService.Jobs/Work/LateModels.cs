using System.Collections.Concurrent;
using ExplainService.Runtime;

namespace ExplainService.Jobs.Work;

/// <summary>
/// Models that did not load in time. On a busy machine that is no fault of any row: the worker takes nothing more, loads again, and where that
/// does not help the job fails, to be resumed.
/// </summary>
internal sealed class LateModels(IModelRegistry models, JobFailures failures, TimeProvider time)
{
    private const int MaxRounds = 3;

    /// <summary>The machine may be less busy then, and the load that took too long have ended.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(15)];

    private readonly ConcurrentDictionary<string, int> rounds = new();
    private readonly Lock gate = new();
    private volatile Task again = Task.CompletedTask;

    /// <summary>Whether a model is being loaded again.</summary>
    public bool IsTriedAgain => !again.IsCompleted;

    /// <summary>Loads a model again; nothing where that is being done already, or has not helped the job before.</summary>
    /// <param name="job">The job that asked it.</param>
    /// <param name="problem">How it was late.</param>
    /// <param name="stop">The worker stops.</param>
    public void TryAgain(string job, ModelNotUsableException problem, CancellationToken stop)
    {
        if (failures.Of(job) is not null)
        {
            return;
        }

        lock (gate)
        {
            if (IsTriedAgain)
            {
                return;
            }

            // What is late may be a form that loading does not make: the job must not go round for ever.
            if (problem.Model is not { } model || rounds.AddOrUpdate(job, 1, (_, before) => before + 1) > MaxRounds)
            {
                Fail(job, problem.Message);
            }
            else
            {
                again = LoadAsync(job, model, stop);
            }
        }
    }

    /// <summary>The job goes on.</summary>
    public void Answered(string job) => rounds.TryRemove(job, out _);

    private async Task LoadAsync(string job, string model, CancellationToken stop)
    {
        var problem = "";
        foreach (var pause in Pauses)
        {
            try
            {
                await Task.Delay(pause, time, stop).ConfigureAwait(false);
                await models.LoadAsync(model, stop).ConfigureAwait(false);
                return;
            }
            catch (ModelNotUsableException late) when (late.IsLate)
            {
                problem = late.Message;
            }
            catch (Exception other)
            {
                if (!stop.IsCancellationRequested)
                {
                    Fail(job, other is ModelNotUsableException ? other.Message : "The job's model cannot be loaded now.");
                }

                return;
            }
        }

        Fail(job, problem);
    }

    private void Fail(string job, string reason)
    {
        rounds.TryRemove(job, out _);
        failures.Add(job, reason);
    }
}
