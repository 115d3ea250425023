namespace ExplainService.Jobs.Work;

/// <summary>Wakes whoever waits for a change of any job in this process. Changes by other processes are found by looking.</summary>
internal sealed class JobSignals
{
    private TaskCompletionSource next = New();

    /// <summary>Done at the next change. Taken before looking, no change is missed.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    /// <summary>Something has changed.</summary>
    public void Changed() => Interlocked.Exchange(ref next, New()).TrySetResult();

    /// <summary>Waits for a change, but no longer than so long.</summary>
    public static async Task WaitAsync(Task change, TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(change, Task.Delay(longest, time, ended.Token)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
