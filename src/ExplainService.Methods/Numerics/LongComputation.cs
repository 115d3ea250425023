namespace ExplainService.Methods.Numerics;

/// <summary>
/// Seconds of computation that no batch waits for: on threads of their own and not on all cores, or they would keep everybody else's requests
/// and deadlines from running.
/// </summary>
internal static class LongComputation
{
    private static readonly SemaphoreSlim Turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Computes when it is its turn.</summary>
    /// <param name="compute">Ends when it is told to.</param>
    /// <param name="cancellationToken">Nobody waits any more, for the turn neither.</param>
    public static async Task<T> RunAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        await Turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task
                .Factory.StartNew(compute, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            Turns.Release();
        }
    }
}
