namespace ExplainService.Methods.Attention;

/// <summary>Attention rollout: Π_l normalise_rows(½ mean_h A^l_h + ½ I), later layers on the left (Abnar and Zuidema 2020).</summary>
public static class Rollout
{
    /// <summary>The rollout of layers from first to last.</summary>
    /// <param name="layers">Head means, [layer][n × n].</param>
    /// <param name="n">Tokens.</param>
    public static double[] Matrix(IReadOnlyList<double[]> layers, int n)
    {
        var product = AttentionMath.Identity(n);
        foreach (var layer in layers)
        {
            product = AttentionMath.Multiply(AttentionMath.WithResidual(layer, n), product, n);
        }

        return product;
    }
}
