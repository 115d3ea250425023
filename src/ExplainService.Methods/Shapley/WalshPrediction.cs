using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// What fits of the odd part say of other coalitions, without the unexplained part. The product of two coalitions' signs is −1 where
/// their bits differ, so that power sums are looked up by bytes of the difference; of the kernel one row is there at a time.
/// </summary>
internal static class WalshPrediction
{
    private const int CoalitionsBetweenChecks = 64;

    /// <summary>The Walsh terms' own values: [fits][coalitions].</summary>
    /// <param name="fits">Fits of the odd part under one prior.</param>
    /// <param name="seen">How many of the coalitions, from the first, they were fitted to.</param>
    /// <param name="coalitions">Where.</param>
    /// <param name="cancellationToken">Asked now and then.</param>
    public static double[][] Of(IReadOnlyList<WalshFit> fits, int seen, CoalitionList coalitions, CancellationToken cancellationToken)
    {
        var kernel = new OddKernel(fits[0].Prior);
        var predicted = fits.Select(_ => new double[coalitions.Count]).ToArray();
        var row = new double[seen];
        for (var a = 0; a < coalitions.Count; a++)
        {
            if (a % CoalitionsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var left = coalitions[a];
            for (var b = 0; b < row.Length; b++)
            {
                row[b] = kernel.Covariance(left, coalitions[b]);
            }

            for (var f = 0; f < predicted.Length; f++)
            {
                predicted[f][a] = TensorPrimitives.Dot<double>(row, fits[f].Weights);
            }
        }

        return predicted;
    }

    // Σ_d E_d·e_d(w∘s∘t)/e_d(w) over d = 1, 3, 5, from the bits of s and t.
    private sealed class OddKernel
    {
        private const int BytesAWord = 8;

        // Of every byte of players and every value of it: Σ ±w_i, Σ ±w_i³ and Σ ±w_i⁵.
        private readonly Vector256<double>[] table;
        private readonly int bytes;
        private readonly double second;
        private readonly double fourth;
        private readonly double[] coefficients = new double[WalshRegression.HighestOrder + 1];

        public OddKernel(WalshPrior prior)
        {
            var importance = prior.Importance;
            bytes = (importance.Length + 7) / 8;
            table = new Vector256<double>[bytes * 256];
            for (var index = 0; index < table.Length; index++)
            {
                for (var bit = 0; bit < 8 && ((index >> 8) * 8) + bit < importance.Length; bit++)
                {
                    var w = (index >> bit & 1) == 0 ? importance[((index >> 8) * 8) + bit] : -importance[((index >> 8) * 8) + bit];
                    table[index] += Vector256.Create(w, w * w * w, w * w * w * w * w, 0);
                }
            }

            second = importance.Sum(w => w * w);
            fourth = importance.Sum(w => w * w * w * w);
            var norms = prior.Kernel().Norms;
            foreach (var (order, energy) in prior.Orders.Zip(prior.Energies))
            {
                coefficients[order] = energy / norms[order];
            }
        }

        public double Covariance(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
        {
            var sums = Vector256<double>.Zero;
            var place = 0;
            for (var word = 0; word < left.Length; word++)
            {
                var difference = left[word] ^ right[word];
                var end = Math.Min(place + BytesAWord, bytes);
                for (; place < end; place++)
                {
                    sums += table[(place << 8) + (int)(difference & 0xFF)];
                    difference >>= 8;
                }
            }

            // Newton's identities, as in WalshKernel.
            var (first, third, fifth) = (sums[0], sums[1], sums[2]);
            var e2 = ((first * first) - second) * (1 / 2.0);
            var e3 = ((e2 * first) - (first * second) + third) * (1 / 3.0);
            var e4 = ((e3 * first) - (e2 * second) + (first * third) - fourth) * (1 / 4.0);
            var e5 = ((e4 * first) - (e3 * second) + (e2 * third) - (first * fourth) + fifth) * (1 / 5.0);
            return (coefficients[1] * first) + (coefficients[3] * e3) + (coefficients[5] * e5);
        }
    }
}
