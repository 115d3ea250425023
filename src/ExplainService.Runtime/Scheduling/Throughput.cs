namespace ExplainService.Runtime.Scheduling;

/// <summary>What a padded token costs, as measured on the batches that ran: an exponential mean. Thread-safe.</summary>
/// <param name="initialSecondsPerToken">Believed until the first measurement.</param>
public sealed class Throughput(double initialSecondsPerToken = Throughput.Unmeasured)
{
    /// <summary>A small BERT on two cores: the right order of magnitude to begin with.</summary>
    public const double Unmeasured = 2e-4;

    // Half of a change is believed after some seven batches: steady against noise, yet quick when another tenant takes the cores.
    private const double Weight = 0.1;

    private double secondsPerToken = initialSecondsPerToken;

    /// <summary>Seconds that one padded token takes in a full batch.</summary>
    public double SecondsPerToken => Volatile.Read(ref secondsPerToken);

    /// <summary>Forgets what was believed for what was measured.</summary>
    public void Start(double measured) => Volatile.Write(ref secondsPerToken, measured);

    /// <summary>Learns from one batch.</summary>
    /// <param name="paddedTokens">Tokens computed.</param>
    /// <param name="budget">Tokens of a full batch: a smaller one says less, because calling the operators has its own price.</param>
    /// <param name="elapsed">Time taken.</param>
    public void Observe(int paddedTokens, int budget, TimeSpan elapsed)
    {
        if (paddedTokens <= 0 || elapsed <= TimeSpan.Zero)
        {
            return;
        }

        var seen = elapsed.TotalSeconds / paddedTokens;
        var weight = Weight * Math.Min(1, (double)paddedTokens / budget);
        Volatile.Write(ref secondsPerToken, SecondsPerToken + (weight * (seen - SecondsPerToken)));
    }
}
