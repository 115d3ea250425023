namespace ExplainService.Runtime.Sessions;

/// <summary>How long work on a model may take before it is ended: what a graph computes may have no end.</summary>
/// <param name="Load">Loading a model, or making one of its forms.</param>
/// <param name="Batch">One run.</param>
/// <param name="Time">The clock.</param>
internal sealed record TimeLimits(TimeSpan Load, TimeSpan Batch, TimeProvider Time)
{
    /// <summary>No limits.</summary>
    public static TimeLimits None { get; } = new(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, TimeProvider.System);

    /// <summary>What is said of work that took longer.</summary>
    /// <param name="what">What did not end, as the beginning of a sentence.</param>
    /// <param name="limit">After which time.</param>
    /// <param name="setting">Which setting says so.</param>
    public static string Exceeded(string what, TimeSpan limit, string setting) =>
        FormattableString.Invariant($"{what} within {limit.TotalSeconds:0.###} s (Models:{setting}).");
}
