namespace ExplainService.Runtime.Execution;

/// <summary>One thing that is expensive to make and is made once, on first use; concurrent callers share the work.</summary>
/// <param name="make">Makes it.</param>
internal sealed class Once<T>(Func<Task<T>> make)
{
    private readonly OnceAsync<ValueTuple, T> made = new();

    /// <summary>It, if it has been made or is being made.</summary>
    public IEnumerable<Task> Made => made.Made;

    /// <summary>It.</summary>
    public Task<T> GetAsync() => made.GetAsync(default, make);
}
