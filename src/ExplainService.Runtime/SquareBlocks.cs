namespace ExplainService.Runtime;

/// <summary>Matrices of token × token of texts that are read apart: one matrix with a block for each, and nothing between them.</summary>
public static class SquareBlocks
{
    /// <summary>The matrix of both.</summary>
    /// <param name="first">[n × n].</param>
    /// <param name="second">[m × m].</param>
    /// <returns>[(n + m) × (n + m)].</returns>
    public static float[] Join(float[] first, float[] second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (n, m) = ((int)Math.Sqrt(first.Length), (int)Math.Sqrt(second.Length));
        var joined = new float[(n + m) * (n + m)];
        for (var row = 0; row < n; row++)
        {
            first.AsSpan(row * n, n).CopyTo(joined.AsSpan(row * (n + m)));
        }

        for (var row = 0; row < m; row++)
        {
            second.AsSpan(row * m, m).CopyTo(joined.AsSpan(((n + row) * (n + m)) + n));
        }

        return joined;
    }
}
