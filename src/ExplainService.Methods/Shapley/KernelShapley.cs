using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Shapley values by regression on sampled coalitions: in complementary pairs, without replacement, by leverage
/// (<see cref="CoalitionPairs"/>) and of those the most telling (<see cref="CoalitionDesign"/>), with interaction terms of odd order
/// (<see cref="ShapleyRegression"/>). When the budget covers every coalition the values are exact.
/// </summary>
/// <remarks>Lundberg and Lee 2017; Covert and Lee 2021; Musco and Witter 2025.</remarks>
public static class KernelShapley
{
    private const int FirstStep = 32;
    private const int MaxStep = 4096;

    /// <summary>Estimates the values of every output within the budget.</summary>
    /// <exception cref="ArgumentException">The budget is below 2.</exception>
    public static async Task<ShapleyEstimate> EstimateAsync(
        ICoalitionGame game,
        ShapleyOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxEvaluations, 2, "max_evaluations");
        var evaluator = new CoalitionEvaluator(game, options);
        var (empty, full) = await evaluator.EndsAsync(cancellationToken);
        var sample = new PairSample(game.Players, empty, full);
        using var source = CoalitionDesign.Draw(game.Players, evaluator.Left / 2, new SeededRandom(options.Seed)).GetEnumerator();
        var step = options.Tolerance is not null ? FirstStep : MaxStep;
        while (true)
        {
            var drawn = new List<Coalition>();
            var pairs = (int)Math.Min(Math.Min(step, evaluator.Left / 2), CoalitionPairs.Count(game.Players) - (sample.Count - 1));
            var values = await evaluator.EvaluateAsync(Pairs(source, pairs, drawn), 2 * pairs, cancellationToken);
            for (var i = 0; i + 1 < values.Count; i += 2)
            {
                sample.Add(drawn[i / 2], values[i], values[i + 1]);
            }

            var last = values.Count < 2 * pairs || evaluator.Left < 2 || sample.Complete;
            if (!last && options.Tolerance is null)
            {
                continue;
            }

            var estimate = Estimate(sample, empty, full, evaluator, options, cancellationToken);
            if (last || estimate.Converged)
            {
                return estimate;
            }

            step = Math.Min(MaxStep, Math.Max(FirstStep, sample.Count / 2));
        }
    }

    // Chosen while the model is at work on those before.
    private static IEnumerable<Coalition> Pairs(IEnumerator<Coalition> source, int pairs, List<Coalition> drawn)
    {
        while (drawn.Count < pairs && source.MoveNext())
        {
            drawn.Add(source.Current);
            yield return drawn[^1];
            yield return drawn[^1].Complement();
        }
    }

    /// <summary>The estimate from the pairs seen so far; counted where they are all.</summary>
    internal static ShapleyEstimate Estimate(
        PairSample sample,
        double[] empty,
        double[] full,
        CoalitionEvaluator evaluator,
        ShapleyOptions options,
        CancellationToken cancellationToken
    )
    {
        var regression = ShapleyRegression.Of(sample, options.Interactions, evaluator.DeadlineReached, options.Triples, cancellationToken);
        var errors = SampleSizeRules.ErrorsOrNull(regression.StandardErrors, evaluator.Evaluations);
        var worst = errors?.SelectMany(own => own).DefaultIfEmpty(0).Max() ?? double.PositiveInfinity;
        return new ShapleyEstimate
        {
            Algorithm = ShapAlgorithm.Kernel,
            BaseValue = empty,
            Value = full,
            Scores = regression.Scores,
            StandardErrors = errors,
            Interactions = regression.Pairwise?.Values,
            Triples = regression.Pairwise?.Triples,
            InteractionEvaluations = regression.Pairwise?.Evaluations ?? 0,
            Evaluations = evaluator.Evaluations,
            Converged = sample.Complete || worst <= options.Tolerance,
            DeadlineReached = evaluator.DeadlineReached,
        };
    }
}
