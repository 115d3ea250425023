using System.Numerics;
using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Shapley;

/// <summary>Shapley values and interactions from the values of all 2^m coalitions (Shapley 1953; Grabisch and Roubens 1999).</summary>
public static class ExactShapley
{
    /// <summary>Units that are explained exactly unless the caller says otherwise: 4,096 evaluations.</summary>
    public const int DefaultUnits = 12;

    /// <summary>Units beyond which the answer is refused: 1,048,576 evaluations.</summary>
    public const int MaxUnits = 20;

    /// <summary>
    /// Evaluates every coalition. When the time is up before that, the coalitions seen so far are regressed on, as
    /// <see cref="KernelShapley"/> does, and the answer says that it is one of its.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The game has more than <see cref="MaxUnits"/> units; <see cref="ShapleyOptions.MaxEvaluations"/> is not looked at.
    /// </exception>
    public static async Task<ShapleyEstimate> EstimateAsync(
        ICoalitionGame game,
        ShapleyOptions options,
        CancellationToken cancellationToken = default
    )
    {
        if (game.Players > MaxUnits)
        {
            throw new ArgumentException(
                $"Exact Shapley values take 2^m evaluations: at most {MaxUnits} units, not {game.Players}.",
                nameof(game)
            );
        }

        var all = options with { MaxEvaluations = Math.Max(2, 1 << game.Players), Tolerance = null };
        var estimate = await KernelShapley.EstimateAsync(game, all, cancellationToken);
        return estimate.Converged ? estimate with { Algorithm = ShapAlgorithm.Exact, StandardErrors = null } : estimate;
    }

    /// <summary>φ_i = Σ_S |S|!(m−|S|−1)!/m! · (v(S∪i) − v(S)).</summary>
    /// <param name="players">m.</param>
    /// <param name="values">v(S) by bit mask of the present players: [2^m].</param>
    /// <returns>[players].</returns>
    public static double[] Scores(int players, ReadOnlySpan<double> values)
    {
        // |S|!(m−|S|−1)!/m! = 1 / (m·C(m−1, |S|)).
        var weights = Weights(players - 1);
        var scores = new double[players];
        for (var i = 0; i < players; i++)
        {
            var bit = 1 << i;
            for (var mask = 0; mask < values.Length; mask++)
            {
                if ((mask & bit) == 0)
                {
                    scores[i] += weights[BitOperations.PopCount((uint)mask)] * (values[mask | bit] - values[mask]);
                }
            }
        }

        return scores;
    }

    /// <summary>I_ij = Σ_S |S|!(m−|S|−2)!/(m−1)! · (v(S∪ij) − v(S∪i) − v(S∪j) + v(S)).</summary>
    /// <param name="players">m.</param>
    /// <param name="values">v(S) by bit mask of the present players: [2^m].</param>
    /// <returns>[players, players], symmetric, zero diagonal.</returns>
    public static double[,] Interactions(int players, ReadOnlySpan<double> values)
    {
        var interactions = new double[players, players];
        var weights = Weights(players - 2);
        for (var i = 0; i < players; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (one, other) = (1 << i, 1 << j);
                var sum = 0.0;
                for (var mask = 0; mask < values.Length; mask++)
                {
                    if ((mask & (one | other)) == 0)
                    {
                        var difference = values[mask | one | other] - values[mask | one] - values[mask | other] + values[mask];
                        sum += weights[BitOperations.PopCount((uint)mask)] * difference;
                    }
                }

                interactions[i, j] = interactions[j, i] = sum;
            }
        }

        return interactions;
    }

    // 1 / ((others + 1)·C(others, s)) for a coalition of s among the others.
    private static double[] Weights(int others)
    {
        var weights = new double[Math.Max(0, others) + 1];
        var choose = 1.0;
        for (var s = 0; s <= others; s++)
        {
            weights[s] = 1 / ((others + 1) * choose);
            choose *= (double)(others - s) / (s + 1);
        }

        return weights;
    }
}
