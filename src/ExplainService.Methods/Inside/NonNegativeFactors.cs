using System.Numerics.Tensors;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Inside;

/// <summary>
/// Non-negative matrix factorisation A ≈ W·H by multiplicative updates (Lee and Seung 2001), from a seeded start, until the error changes
/// by less than a ten-thousandth of itself. Sums run in a fixed order, so that the same input gives the same bits.
/// </summary>
/// <param name="Weights">W by column: [factor][row].</param>
/// <param name="Loads">H: [factor][column].</param>
internal sealed record NonNegativeFactors(float[][] Weights, float[][] Loads)
{
    private const double Tolerance = 1e-4;
    private const int MaxIterations = 1000;
    private const float Tiny = 1e-9f;

    /// <summary>Factors of a matrix, the largest first.</summary>
    /// <param name="columns">The matrix by column, none of its numbers negative: [column][row].</param>
    /// <param name="count">How many factors.</param>
    /// <param name="seed">Of the start.</param>
    /// <param name="cancellationToken">Stops between two iterations.</param>
    public static NonNegativeFactors Of(IReadOnlyList<float[]> columns, int count, long seed, CancellationToken cancellationToken)
    {
        var (rows, random) = (columns[0].Length, new SeededRandom(seed));
        var mean = columns.Average(column => TensorPrimitives.Sum<float>(column)) / rows;
        var scale = (float)Math.Sqrt(Math.Max(mean, Tiny) / count);
        var weights = Enumerable.Range(0, count).Select(_ => Drawn(rows)).ToArray();
        var loads = Enumerable.Range(0, count).Select(_ => Drawn(columns.Count)).ToArray();
        var before = double.PositiveInfinity;
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            UpdateLoads(columns, weights, loads);
            UpdateWeights(columns, weights, loads);
            var error = Error(columns, weights, loads);
            if (before - error < Tolerance * before)
            {
                break;
            }

            before = error;
        }

        return Ordered(weights, loads);

        float[] Drawn(int length)
        {
            var values = new float[length];
            for (var i = 0; i < length; i++)
            {
                values[i] = scale * (0.5f + (float)random.NextDouble());
            }

            return values;
        }
    }

    /// <summary>H ← H ⊙ WᵀA / WᵀWH.</summary>
    private static void UpdateLoads(IReadOnlyList<float[]> columns, float[][] weights, float[][] loads)
    {
        var gram = Gram(weights);
        for (var column = 0; column < columns.Count; column++)
        {
            var old = loads.Select(load => load[column]).ToArray();
            for (var factor = 0; factor < weights.Length; factor++)
            {
                var above = TensorPrimitives.Dot<float>(weights[factor], columns[column]);
                var below = TensorPrimitives.Dot<float>(gram[factor], old);
                loads[factor][column] = old[factor] * above / (below + Tiny);
            }
        }
    }

    /// <summary>W ← W ⊙ AHᵀ / WHHᵀ.</summary>
    private static void UpdateWeights(IReadOnlyList<float[]> columns, float[][] weights, float[][] loads)
    {
        var gram = Gram(loads);
        var above = weights.Select(_ => new float[columns[0].Length]).ToArray();
        var below = weights.Select(_ => new float[columns[0].Length]).ToArray();
        for (var factor = 0; factor < weights.Length; factor++)
        {
            for (var column = 0; column < columns.Count; column++)
            {
                TensorPrimitives.MultiplyAdd(columns[column], loads[factor][column], above[factor], above[factor]);
            }

            for (var other = 0; other < weights.Length; other++)
            {
                TensorPrimitives.MultiplyAdd(weights[other], gram[factor][other], below[factor], below[factor]);
            }
        }

        for (var factor = 0; factor < weights.Length; factor++)
        {
            TensorPrimitives.Add(below[factor], Tiny, below[factor]);
            TensorPrimitives.Divide(above[factor], below[factor], above[factor]);
            TensorPrimitives.Multiply(weights[factor], above[factor], weights[factor]);
        }
    }

    private static float[][] Gram(float[][] vectors) =>
        [.. vectors.Select(a => vectors.Select(b => TensorPrimitives.Dot<float>(a, b)).ToArray())];

    private static double Error(IReadOnlyList<float[]> columns, float[][] weights, float[][] loads)
    {
        var rest = new float[columns[0].Length];
        var error = 0.0;
        for (var column = 0; column < columns.Count; column++)
        {
            columns[column].CopyTo(rest, 0);
            for (var factor = 0; factor < weights.Length; factor++)
            {
                TensorPrimitives.MultiplyAdd(weights[factor], -loads[factor][column], rest, rest);
            }

            error += TensorPrimitives.SumOfSquares<float>(rest);
        }

        return error;
    }

    /// <summary>Each factor's weights have length one; the loads bear the size, by which factors are ordered.</summary>
    private static NonNegativeFactors Ordered(float[][] weights, float[][] loads)
    {
        for (var factor = 0; factor < weights.Length; factor++)
        {
            var length = TensorPrimitives.Norm<float>(weights[factor]);
            if (length > 0)
            {
                TensorPrimitives.Divide(weights[factor], length, weights[factor]);
                TensorPrimitives.Multiply(loads[factor], length, loads[factor]);
            }
        }

        int[] order =
        [
            .. Enumerable.Range(0, weights.Length).OrderByDescending(factor => TensorPrimitives.SumOfSquares<float>(loads[factor])),
        ];
        return new NonNegativeFactors([.. order.Select(factor => weights[factor])], [.. order.Select(factor => loads[factor])]);
    }
}
