using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Jobs.Work;

/// <summary>Asks the one pipeline on behalf of a row: behind interactive requests, again where there was no room, at most three times.</summary>
internal sealed class RowExplainer(
    IExplainer explainer,
    WorkMemory memory,
    JobOptions options,
    IJobObserver observer,
    TimeProvider time,
    IJobAccounts? accounts = null,
    WorkAccount? account = null
)
{
    /// <summary>Tries of a row that fails for a reason that may pass.</summary>
    public const int MaxTries = 3;

    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    /// <summary>The same for the rows of a job that somebody has posted.</summary>
    public RowExplainer For(string? owner) =>
        owner is null || accounts is null
            ? this
            : new RowExplainer(explainer, memory, options, observer, time, accounts, accounts.Of(owner));

    /// <summary>The answer.</summary>
    /// <exception cref="RowFailedException">There is none; the exception has the problem that stands in its place.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="ModelNotUsableException">This machine is too slow for the model, of which the row knows nothing.</exception>
    public async Task<Explanation> ExplainAsync(ExplainRequest request, CancellationToken stop)
    {
        for (var tries = 1; ; )
        {
            try
            {
                return await TryAsync(request, stop).ConfigureAwait(false);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested && failure is not ModelNotUsableException { IsLate: true })
            {
                var wait = failure is ServiceBusyException busy ? busy.RetryAfter : TimeSpan.Zero;
                if (failure is ServiceBusyException)
                {
                    // A job is its own queue: that there is no room now is no fault of the row.
                    wait = TimeSpan.FromTicks(Math.Clamp(wait.Ticks, MinWait.Ticks, MaxWait.Ticks));
                }
                else if (!MayPass(failure) || tries++ >= MaxTries)
                {
                    throw new RowFailedException(ProblemMapper.From(failure));
                }
                else if (!ProblemMapper.IsExpected(failure))
                {
                    observer.Faulted(failure);
                }

                await Task.Delay(wait, time, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task<Explanation> TryAsync(ExplainRequest request, CancellationToken stop)
    {
        using var share = memory.Open(account);
        using var clock = new RequestClock(stop, CancellationToken.None);
        using var limited = clock.WithLimit(time, TimeSpan.FromSeconds(options.MaxRowSeconds));
        var work = new WorkOptions
        {
            Priority = WorkPriority.Batch,
            Precision = request.Precision ?? Precision.Exact,
            Memory = share,
            Meter = new WorkMeter(account: account),
        };
        return await limited.UntilStoppedAsync(() => explainer.ExplainAsync(request, work, limited)).ConfigureAwait(false);
    }

    /// <summary>What is wrong with the row stays wrong; faults, limits and shortages may pass.</summary>
    private static bool MayPass(Exception failure) =>
        failure is NotSupportedByModelException { IsLate: true } || ProblemMapper.From(failure).Status >= 500;
}

/// <summary>A row has no answer.</summary>
/// <param name="problem">What stands in its place.</param>
internal sealed class RowFailedException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What stands in its place.</summary>
    public Problem Problem => problem;
}
