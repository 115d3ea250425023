using System.Numerics.Tensors;
using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Chooses which of the coalitions drawn by leverage to evaluate, and in which order: always the one that would take most off the
/// expected squared error of the Shapley values, given those chosen before (greedy A-optimal design; Chaloner and Verdinelli 1995), under a
/// prior in which all players are alike. It looks at no value of the game, so the choice is the seed's alone. On games of real texts it
/// halves the error of the plain draws.
/// </summary>
internal static class CoalitionDesign
{
    // What texts are like on the whole: mostly linear terms, a third as much of third order, a tenth of fifth, and little else.
    private static readonly double[] Energies = [1, 0.3, 0.1];
    private const double Nugget = 0.05;

    // Candidates a pair that is wanted; the choice takes candidates × pairs² steps, so long sequences are designed at their beginning only.
    private const int Candidates = 4;
    private const int MinCandidates = 256;
    private const int MaxDesigned = 384;
    private const int MaxPlayers = 512;

    /// <summary>
    /// A lazy sequence of all pairs, each by one of its coalitions, of which the first <paramref name="wanted"/> are chosen well.
    /// </summary>
    public static IEnumerable<Coalition> Draw(int players, int wanted, SeededRandom random)
    {
        var source = new CoalitionPairs(players, random);
        if (players is > 1 and <= MaxPlayers)
        {
            foreach (var one in Beginning(source, players, Math.Min(wanted, MaxDesigned)))
            {
                yield return one;
            }
        }

        while (source.Next() is { } next)
        {
            yield return next;
        }
    }

    // An iterator of its own, so that what the choice holds is let go when it is made.
    private static IEnumerable<Coalition> Beginning(CoalitionPairs source, int players, int designed)
    {
        var pool = new List<Coalition>();
        while (pool.Count < Math.Max(MinCandidates, Candidates * designed) && source.Next() is { } candidate)
        {
            pool.Add(candidate);
        }

        var choice = new Choice(players, pool, Math.Min(designed, pool.Count));
        while (choice.Next() is { } best)
        {
            yield return best;
        }

        foreach (var left in choice.NotChosen)
        {
            yield return left;
        }
    }

    private sealed class Choice
    {
        private readonly List<Coalition> pool;
        private readonly int wanted;
        private readonly double[][] signs;
        private readonly double[] covarianceByOverlap;

        // Row k: the pivoted Cholesky factor of the candidates' covariance, one column a choice.
        private readonly double[][] factor;

        // What is still unknown: each candidate's variance, its covariance with every score, and the squared length of the latter.
        private readonly double[] variance;
        private readonly double[][] covariance;
        private readonly double[] gain;
        private readonly bool[] chosen;
        private int count;

        public Choice(int players, List<Coalition> pool, int wanted)
        {
            (this.pool, this.wanted) = (pool, wanted);
            var orders = WalshRegression.Orders(players, 1);
            var prior = new WalshPrior([.. Enumerable.Repeat(1.0 / players, players)], orders, Energies[..orders.Length], Nugget);
            var kernel = prior.Kernel();

            // With players alike everything depends on sizes and overlaps alone: the first s players stand for all coalitions of s.
            var prefixes = Enumerable
                .Range(0, players + 1)
                .Select(size => Enumerable.Range(0, players).Select(i => i < size ? 1.0 : -1).ToArray())
                .ToArray();
            covarianceByOverlap = new double[players + 1];
            var overlaps = orders.Select(_ => new double[players + 1]).ToArray();
            kernel.Row(prefixes[^1], prefixes, orders, overlaps);
            foreach (var (energy, values) in prior.Energies.Zip(overlaps))
            {
                TensorPrimitives.MultiplyAdd(values, energy, covarianceByOverlap, covarianceByOverlap);
            }

            var scores = WalshScores.Covariances(prior, prefixes);
            signs = [.. pool.Append(Coalition.Full(players)).Select(Signs)];
            covariance = [.. signs.Select(row => Covariance(row, scores))];
            gain = [.. covariance.Select(row => TensorPrimitives.SumOfSquares<double>(row))];
            variance = new double[signs.Length];
            variance.AsSpan().Fill(covarianceByOverlap[players] + Nugget);
            factor = [.. signs.Select(_ => new double[wanted + 1])];
            chosen = new bool[signs.Length];
            Take(pool.Count);
        }

        public IEnumerable<Coalition> NotChosen => pool.Where((_, k) => !chosen[k]);

        public Coalition? Next()
        {
            if (count > wanted)
            {
                return null;
            }

            var best = -1;
            var most = double.NegativeInfinity;
            for (var k = 0; k < pool.Count; k++)
            {
                // Candidates that differ by rounding alone are equal: the one drawn first is taken.
                var taken = chosen[k] ? double.NegativeInfinity : gain[k] / variance[k];
                if (taken > most + (1e-9 * Math.Abs(most)) || (best < 0 && !chosen[k]))
                {
                    (best, most) = (k, taken);
                }
            }

            if (best < 0)
            {
                return null;
            }

            Take(best);
            return pool[best];
        }

        private void Take(int pick)
        {
            chosen[pick] = true;
            var spread = Math.Sqrt(variance[pick]);
            var known = covariance[pick].Select(value => value / spread).ToArray();
            var length = TensorPrimitives.SumOfSquares<double>(known);
            for (var k = 0; k < signs.Length; k++)
            {
                if (chosen[k])
                {
                    continue;
                }

                var overlap = (int)Math.Round((TensorPrimitives.Dot<double>(signs[k], signs[pick]) + known.Length) / 2);
                var shared = covarianceByOverlap[overlap] - TensorPrimitives.Dot(factor[k].AsSpan(0, count), factor[pick].AsSpan(0, count));
                var column = factor[k][count] = shared / spread;
                gain[k] -= column * ((2 * TensorPrimitives.Dot<double>(covariance[k], known)) - (column * length));
                variance[k] = Math.Max(1e-12, variance[k] - (column * column));
                TensorPrimitives.MultiplyAdd(known, -column, covariance[k], covariance[k]);
            }

            count++;
        }

        private static double[] Signs(Coalition coalition)
        {
            var signs = new double[coalition.Players];
            coalition.CopySignsTo(signs);
            return signs;
        }

        // Of s players present, the first one stands for all that are, the last for all that are not.
        private static double[] Covariance(double[] signs, double[][] scores)
        {
            var size = signs.Count(sign => sign > 0);
            return [.. signs.Select(sign => scores[sign > 0 ? 0 : signs.Length - 1][size])];
        }
    }
}
