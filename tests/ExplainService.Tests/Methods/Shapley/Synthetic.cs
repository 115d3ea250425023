using ExplainService.Methods.Numerics;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>Made-up games of any size whose exact scores are known, so that no estimator is fitted to the reference games.</summary>
internal static class Synthetic
{
    /// <summary>Two outputs that saturate like a probability: a sum of units, and its square squashed.</summary>
    public static FunctionGame Saturating(int players, long seed)
    {
        var random = new SeededRandom(seed);
        var linear = Enumerable.Range(0, players).Select(_ => random.NextGaussian() * (random.NextDouble() < 0.3 ? 1 : 0.1)).ToArray();
        return new FunctionGame(
            players,
            2,
            coalition =>
            {
                var sum = linear.Where((_, i) => coalition[i]).Sum();
                return [Math.Tanh(sum), 1 / (1 + Math.Exp(-sum * sum))];
            }
        );
    }

    /// <summary>Makes additive games that take no time of their own: player i is worth 1/(i+1).</summary>
    public static Func<FunctionGame> Additive(int players) =>
        () =>
            new FunctionGame(
                players,
                1,
                coalition =>
                {
                    var sum = 0.0;
                    for (var i = 0; i < players; i++)
                    {
                        sum += coalition[i] ? 1.0 / (i + 1) : 0;
                    }

                    return [sum];
                }
            );

    /// <summary>Single units and random groups of two and three that count when all of them are present.</summary>
    /// <param name="players">m.</param>
    /// <param name="groups">How many groups.</param>
    /// <param name="seed">Which game.</param>
    /// <param name="strength">Standard deviation of what a group is worth.</param>
    public static (FunctionGame Game, double[] Scores, double[,] Interactions) LowOrder(
        int players,
        int groups,
        long seed,
        double strength = 1
    )
    {
        var random = new SeededRandom(seed);
        var linear = Enumerable.Range(0, players).Select(_ => random.NextGaussian() * (random.NextDouble() < 0.3 ? 1 : 0.1)).ToArray();
        var scores = (double[])linear.Clone();
        var interactions = new double[players, players];
        var terms = new List<(int[] Members, double Worth)>();
        var order = Enumerable.Range(0, players).ToArray();
        for (var g = 0; g < groups; g++)
        {
            random.Shuffle<int>(order);
            var members = order[..(2 + random.Next(2))];
            var worth = strength * random.NextGaussian();
            terms.Add((members, worth));
            foreach (var i in members)
            {
                scores[i] += worth / members.Length;
                foreach (var j in members.Where(j => j != i))
                {
                    // The mean over t ~ U(0, 1) of t^(members beyond the two).
                    interactions[i, j] += worth / (members.Length - 1);
                }
            }
        }

        var game = new FunctionGame(
            players,
            1,
            coalition =>
                [
                    linear.Where((_, i) => coalition[i]).Sum()
                        + terms.Where(term => Array.TrueForAll(term.Members, i => coalition[i])).Sum(term => term.Worth),
                ]
        );
        return (game, scores, interactions);
    }
}
