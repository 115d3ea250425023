namespace ExplainService.Protocol.Lines;

/// <summary>Bytes that may be held at once. One caller takes them, in order; any gives them back.</summary>
/// <param name="bytes">How many there are.</param>
internal sealed class ByteBudget(int bytes)
{
    private readonly Lock gate = new();
    private readonly int all = bytes;
    private int free = bytes;
    private TaskCompletionSource? returned;

    /// <summary>Waits until so many are free, and takes them. More than there are at all counts as all of them.</summary>
    /// <returns>How many were taken.</returns>
    public async ValueTask<int> TakeAsync(int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        count = Math.Min(all, count);
        while (true)
        {
            Task more;
            lock (gate)
            {
                if (count <= free)
                {
                    free -= count;
                    return count;
                }

                // Whoever gives back must not run the reader's code.
                returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = returned.Task;
            }

            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(int count)
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            free += count;
            (waiting, returned) = (returned, null);
        }

        waiting?.TrySetResult();
    }
}
