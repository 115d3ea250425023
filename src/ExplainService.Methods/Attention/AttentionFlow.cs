namespace ExplainService.Methods.Attention;

/// <summary>The flow of every query to every input token, with the shortcut that settles most pairs without a search.</summary>
public static class AttentionFlow
{
    /// <summary>The most tokens for which every pair is computed; beyond, the answer would take minutes.</summary>
    public const int MostTokens = 128;

    /// <summary>The flow matrix [n × n].</summary>
    /// <param name="layers">Head means from the first layer to the last, [layer][n × n].</param>
    /// <param name="n">Tokens.</param>
    /// <param name="cancellationToken">Checked for every query.</param>
    public static double[] Of(IReadOnlyList<double[]> layers, int n, CancellationToken cancellationToken)
    {
        var mixed = layers.Select(layer => AttentionMath.WithResidual(layer, n)).ToArray();
        var flows = new double[n * n];
        if (mixed.Length == 1)
        {
            mixed[0].CopyTo(flows, 0);
            return flows;
        }

        Parallel.For(
            0,
            n,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new MaximumFlow(mixed, n),
            (query, _, network) =>
            {
                for (var key = 0; key < n; key++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    flows[(query * n) + key] = network.Between(query, key);
                }

                return network;
            },
            static _ => { }
        );
        return flows;
    }
}
