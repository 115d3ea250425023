namespace ExplainService.Testing;

/// <summary>
/// Turns what would wait for ever into a failure. So generous that no busy machine trips over it: how long something took is never what a
/// test asserts.
/// </summary>
internal static class Patience
{
    /// <summary>Nothing that the tests wait for takes so long, unless it never comes.</summary>
    public static readonly TimeSpan Ample = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for what another thread brings about.</summary>
    /// <exception cref="TimeoutException">It does not come.</exception>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>Waits for what another thread or process brings about.</summary>
    /// <param name="condition">Whether it is there.</param>
    /// <param name="otherwise">What there is instead, for the failure.</param>
    /// <exception cref="TimeoutException">It does not come.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        using var guard = new CancellationTokenSource(Ample);
        while (!await condition())
        {
            if (guard.IsCancellationRequested)
            {
                throw new TimeoutException(otherwise?.Invoke() ?? "What the test waits for does not come.");
            }

            await Task.Delay(Look, CancellationToken.None);
        }
    }
}
