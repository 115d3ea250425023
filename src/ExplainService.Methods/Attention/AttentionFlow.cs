using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Attention;

/// <summary>The flow of every query to every input token.</summary>
public static class AttentionFlow
{
    /// <summary>The most tokens for which every pair is computed; beyond, the answer would take minutes.</summary>
    public const int MaxTokens = 128;

    /// <summary>The flow matrix [n × n].</summary>
    /// <param name="layers">Head means from the first layer to the last, [layer][n × n].</param>
    /// <param name="n">Tokens.</param>
    /// <param name="cancellationToken">Checked for every pair.</param>
    public static Task<double[]> MatrixAsync(IReadOnlyList<double[]> layers, int n, CancellationToken cancellationToken) =>
        LongComputation.RunAsync(() => Of(layers, n, cancellationToken), cancellationToken);

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
