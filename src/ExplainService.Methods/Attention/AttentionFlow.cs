namespace ExplainService.Methods.Attention;

/// <summary>The flow of every query to every input token.</summary>
public static class AttentionFlow
{
    /// <summary>The most tokens for which every pair is computed; beyond, the answer would take minutes.</summary>
    public const int MaxTokens = 128;

    // Seconds of computation that no batch waits for: on threads of their own and not on all cores, or they would keep everybody else's
    // requests and deadlines from running.
    private static readonly SemaphoreSlim Turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>The flow matrix [n × n].</summary>
    /// <param name="layers">Head means from the first layer to the last, [layer][n × n].</param>
    /// <param name="n">Tokens.</param>
    /// <param name="cancellationToken">Checked for every pair.</param>
    public static async Task<double[]> MatrixAsync(IReadOnlyList<double[]> layers, int n, CancellationToken cancellationToken)
    {
        await Turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task
                .Factory.StartNew(
                    () => Of(layers, n, cancellationToken),
                    cancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                .ConfigureAwait(false);
        }
        finally
        {
            Turns.Release();
        }
    }

    private static double[] Of(IReadOnlyList<double[]> layers, int n, CancellationToken cancellationToken)
    {
        var mixed = layers.Select(layer => AttentionMath.WithResidual(layer, n)).ToArray();
        if (mixed.Length == 1)
        {
            return mixed[0];
        }

        var (flows, network) = (new double[n * n], new MaximumFlow(mixed, n));
        for (var pair = 0; pair < flows.Length; pair++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            flows[pair] = network.Between(pair / n, pair % n);
        }

        return flows;
    }
}
