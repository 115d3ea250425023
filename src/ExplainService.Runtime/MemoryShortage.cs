namespace ExplainService.Runtime;

/// <summary>Tells a shortage of memory, which passes, from what is wrong with a model or a request.</summary>
internal static class MemoryShortage
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>What the caller is told (503).</summary>
    /// <param name="what">What memory was short for, after "not enough memory".</param>
    public static ServiceBusyException Refusal(string what) =>
        new($"There is not enough memory {what} now.", RetryAfter, unavailable: true);

    /// <summary>
    /// Whether that is what failed. ONNX Runtime has one exception type; the allocator's words are all there is to tell by.
    /// </summary>
    public static bool Caused(Exception error) =>
        error is OutOfMemoryException
        || error.Message.Contains("Failed to allocate", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("bad_alloc", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || (error.InnerException is { } inner && Caused(inner));
}
