namespace ExplainService.Methods.Attention;

/// <summary>R ← R + mean_h (∂f/∂A^l_h ⊙ A^l_h)⁺ · R from R = I, layer by layer (Chefer et al. 2021, self-attention rule).</summary>
public static class GradientRelevance
{
    /// <summary>The relevance matrix.</summary>
    /// <param name="layers">mean_h (∂f/∂A ⊙ A)⁺ from the first layer to the last, [layer][n × n].</param>
    /// <param name="n">Tokens.</param>
    public static double[] Matrix(IReadOnlyList<float[]> layers, int n)
    {
        var relevance = AttentionMath.Identity(n);
        foreach (var layer in layers)
        {
            var update = AttentionMath.Multiply([.. layer.Select(value => (double)value)], relevance, n);
            System.Numerics.Tensors.TensorPrimitives.Add<double>(relevance, update, relevance);
        }

        return relevance;
    }
}
