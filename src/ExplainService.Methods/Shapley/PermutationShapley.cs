using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Shapley values as the mean of what each unit adds when units arrive in random order, every order also walked backwards (Castro et
/// al. 2009; Mitchell et al. 2022). A coalition that several orders pass through is evaluated once.
/// </summary>
public static class PermutationShapley
{
    private const int FirstStep = 64;
    private const int MaxStep = 8192;

    /// <summary>Estimates the values of every output; exactly when the budget covers every coalition.</summary>
    /// <exception cref="ArgumentException">The budget is below 2.</exception>
    public static async Task<ShapleyEstimate> EstimateAsync(
        ICoalitionGame game,
        ShapleyOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxEvaluations, 2, "max_evaluations");
        var players = game.Players;
        if (players <= 1 || (Coalition.Total(players) <= options.MaxEvaluations && options.Tolerance is null))
        {
            return await KernelShapley.EstimateAsync(game, options, cancellationToken) with { Algorithm = ShapAlgorithm.Permutation };
        }

        var evaluator = new CoalitionEvaluator(game, options);
        var (empty, full) = await evaluator.EndsAsync(cancellationToken);
        var tally = new PermutationTally(players, full.Length);
        var known = new CoalitionValues(players, full.Length);
        known.Add(Coalition.Empty(players), empty);
        known.Add(Coalition.Full(players), full);
        var random = new SeededRandom(options.Seed);
        var order = Enumerable.Range(0, players).ToArray();
        var step = options.Tolerance is not null ? FirstStep : MaxStep;
        var all = Coalition.Total(players);
        var converged = false;
        for (var spent = false; !spent && !converged && !evaluator.DeadlineReached; )
        {
            var (walks, asked) = (new List<PermutationWalk>(), new HashSet<Coalition>());

            // Orders whose coalitions are known already ask nothing of the game: time and caller are asked after here.
            while (
                !spent
                && asked.Count < step
                && walks.Count < MaxStep
                && known.Coalitions.Count + asked.Count < all
                && !evaluator.OutOfTime()
            )
            {
                cancellationToken.ThrowIfCancellationRequested();
                random.Shuffle<int>(order);
                PermutationWalk[] pair = [PermutationWalk.Whole(order), PermutationWalk.Whole([.. order.Reverse()])];
                var fresh = pair.SelectMany(walk => walk.Coalitions).Where(one => !known.Contains(one) && !asked.Contains(one)).ToHashSet();
                spent = fresh.Count + asked.Count > evaluator.Left || tally.Pairs + (walks.Count / 2) >= options.MaxEvaluations;
                if (spent)
                {
                    // Not enough for a whole order: part of one, or with nothing yet a coarse one that adds whole blocks.
                    pair =
                        tally.Pairs + walks.Count > 0
                            ? [PermutationWalk.Part(order, random.Next(players), evaluator.Left - asked.Count)]
                            : PermutationWalk.Blocks(order, (evaluator.Left - asked.Count) / 2);
                    fresh = [.. pair.SelectMany(walk => walk.Coalitions).Where(one => !known.Contains(one) && !asked.Contains(one))];
                }

                walks.AddRange(pair);
                asked.UnionWith(fresh);
            }

            Coalition[] list = [.. asked];
            var values = await evaluator.EvaluateAsync(list, cancellationToken);
            for (var i = 0; i < values.Count; i++)
            {
                known.Add(list[i], values[i]);
            }

            if (known.Coalitions.Count == all)
            {
                var counted = KernelShapley.Estimate(Pairs(players, known), empty, full, evaluator, options, cancellationToken);
                return counted with { Algorithm = ShapAlgorithm.Permutation, DeadlineReached = false };
            }

            tally.Add(walks, known);
            if (evaluator.DeadlineReached && tally.Pairs == 0)
            {
                tally.AddBegun(walks, known);
            }

            converged =
                options.Tolerance is { } tolerance && tally.Pairs > 1 && tally.Errors().SelectMany(errors => errors).Max() <= tolerance;
            step = Math.Min(MaxStep, Math.Max(FirstStep, evaluator.Evaluations / 2));
        }

        var interactions = options.Interactions
            ? ShapleyRegression.Interactions(Pairs(players, known), evaluator.DeadlineReached, options.Triples, cancellationToken)
            : null;
        return new ShapleyEstimate
        {
            Algorithm = ShapAlgorithm.Permutation,
            BaseValue = empty,
            Value = full,
            Scores = tally.Scores(empty, full),
            StandardErrors = SampleSizeRules.ErrorsOrNull(tally.Errors(), evaluator.Evaluations),
            Interactions = interactions?.Values,
            Triples = interactions?.Triples,
            InteractionEvaluations = interactions?.Evaluations ?? 0,
            Evaluations = evaluator.Evaluations,
            Converged = converged,
            DeadlineReached = evaluator.DeadlineReached,
        };
    }

    // A backward walk passes through the complements of the forward one, so the pairs that interactions are read off come for free.
    private static PairSample Pairs(int players, CoalitionValues known)
    {
        var sample = new PairSample(players, known[Coalition.Empty(players)], known[Coalition.Full(players)]);
        for (var index = 0; index < known.Coalitions.Count; index++)
        {
            var coalition = known.Coalitions.ToCoalition(index);
            var complement = coalition.Complement();
            var first = 2 * coalition.Count < players || (2 * coalition.Count == players && coalition[0]);
            if (first && coalition.Count > 0 && known.Contains(complement))
            {
                sample.Add(coalition, known.At(index), known[complement]);
            }
        }

        return sample;
    }
}
