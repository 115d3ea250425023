using ExplainService.Methods.Numerics;
using ExplainService.Methods.Perturbation;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Shapley values by regression on sampled coalitions: in complementary pairs, without replacement, by leverage
/// (<see cref="CoalitionPairs"/>), with interaction terms of odd order (<see cref="ShapleyRegression"/>). When the budget covers
/// every coalition the values are exact.
/// </summary>
/// <remarks>Lundberg and Lee 2017; Covert and Lee 2021; Musco and Witter 2025.</remarks>
public static class KernelShapley
{
    /// <summary>The algorithm's name.</summary>
    public const string Name = "kernel";

    private const int FirstStep = 32;
    private const int LargestStep = 4096;

    /// <summary>Estimates the values of every output within the budget.</summary>
    /// <exception cref="ArgumentException">The budget is below 2.</exception>
    public static async Task<ShapleyEstimate> EstimateAsync(ICoalitionGame game, ShapleyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxEvaluations, 2, "max_evaluations");
        var reader = new CoalitionReader(game, options);
        var (empty, full) = await reader.EndsAsync(cancellationToken);
        var sample = new PairSample(game.Players, empty, full);
        var source = new CoalitionPairs(game.Players, new SeededRandom(options.Seed));
        var step = options.InSteps ? FirstStep : LargestStep;
        while (true)
        {
            var coalitions = Draw(source, Math.Min(step, reader.Left / 2));
            var values = await reader.ReadAsync(coalitions, cancellationToken);
            for (var i = 0; i + 1 < values.Count; i += 2)
            {
                sample.Add(coalitions[i], values[i], values[i + 1]);
            }

            var last = values.Count < coalitions.Count || reader.Left < 2 || sample.Complete;
            if (!last && !options.InSteps)
            {
                continue;
            }

            var estimate = Estimate(sample, empty, full, reader, options);
            if (last || estimate.Converged)
            {
                return estimate;
            }

            options.Progress?.Invoke(estimate);
            step = Math.Min(LargestStep, Math.Max(FirstStep, sample.Count / 2));
        }
    }

    private static List<Coalition> Draw(CoalitionPairs source, int pairs)
    {
        var coalitions = new List<Coalition>();
        for (var i = 0; i < pairs && source.Next() is { } coalition; i++)
        {
            coalitions.Add(coalition);
            coalitions.Add(coalition.Complement());
        }

        return coalitions;
    }

    private static ShapleyEstimate Estimate(PairSample sample, double[] empty, double[] full, CoalitionReader reader, ShapleyOptions options)
    {
        var regression = ShapleyRegression.Of(sample, options.Interactions);
        var worst = regression.StandardErrors.SelectMany(errors => errors).DefaultIfEmpty(0).Max();
        return new ShapleyEstimate
        {
            Algorithm = Name,
            BaseValue = empty,
            Value = full,
            Scores = regression.Scores,
            StandardErrors = regression.StandardErrors,
            Interactions = regression.Pairwise,
            Evaluations = reader.Evaluations,
            Converged = sample.Complete || worst <= options.Tolerance,
            DeadlineReached = reader.DeadlineReached,
        };
    }
}
