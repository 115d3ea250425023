namespace ExplainService.Methods.Attention;

/// <summary>Small dense operations on square maps [query × key], row-major.</summary>
internal static class AttentionMath
{
    /// <summary>The identity of size n.</summary>
    public static double[] Identity(int n)
    {
        var identity = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            identity[(i * n) + i] = 1;
        }

        return identity;
    }

    /// <summary>left · right.</summary>
    public static double[] Multiply(double[] left, double[] right, int n)
    {
        var product = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            var row = product.AsSpan(i * n, n);
            for (var k = 0; k < n; k++)
            {
                var factor = left[(i * n) + k];
                if (factor != 0)
                {
                    System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(right.AsSpan(k * n, n), factor, row, row);
                }
            }
        }

        return product;
    }

    /// <summary>Mean of the chosen heads' maps.</summary>
    public static double[] MeanHeads(float[][] heads, IReadOnlyList<int> chosen)
    {
        var mean = new double[heads[0].Length];
        foreach (var head in chosen)
        {
            var map = heads[head];
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += map[i] / (double)chosen.Count;
            }
        }

        return mean;
    }

    /// <summary>½ A + ½ I with rows that sum to 1: attention together with the residual connection (Abnar and Zuidema 2020).</summary>
    public static double[] WithResidual(double[] attention, int n)
    {
        var mixed = new double[attention.Length];
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < n; j++)
            {
                mixed[(i * n) + j] = 0.5 * attention[(i * n) + j] + (i == j ? 0.5 : 0);
                sum += mixed[(i * n) + j];
            }

            for (var j = 0; j < n; j++)
            {
                mixed[(i * n) + j] /= sum;
            }
        }

        return mixed;
    }

    /// <summary>A map [queries × keys] as the answer lists it: [query][key].</summary>
    public static float[][] Rows(float[] map, int keys) =>
        [.. Enumerable.Range(0, map.Length / keys).Select(query => map.AsSpan(query * keys, keys).ToArray())];

    /// <summary>As the answer lists it: [query][key].</summary>
    public static float[][] Rows(ReadOnlySpan<double> matrix, int queries, int keys)
    {
        var rows = new float[queries][];
        for (var i = 0; i < queries; i++)
        {
            rows[i] = new float[keys];
            for (var j = 0; j < keys; j++)
            {
                rows[i][j] = (float)matrix[(i * keys) + j];
            }
        }

        return rows;
    }
}
