namespace ExplainService.Runtime.Execution;

/// <summary>Long computations, on threads that nobody waits for.</summary>
internal static class OwnThread
{
    /// <summary>Runs it, up to its first wait, on a thread of its own.</summary>
    public static Task<T> RunAsync<T>(Func<Task<T>> compute) =>
        Task
            .Factory.StartNew(
                compute,
                CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default
            )
            .Unwrap();
}
