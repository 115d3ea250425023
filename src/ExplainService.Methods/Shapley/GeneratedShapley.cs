using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Runtime;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Shapley values of earlier generated tokens for each later one, the text being as it is: for every token they add up to what f loses
/// when all that was said before it is replaced.
/// </summary>
/// <param name="Scores">[generated token][earlier one]; null where the time was up or there are too few evaluations.</param>
/// <param name="Evaluations">Rows that it took.</param>
/// <param name="DeadlineReached">Whether the time was up before the budget.</param>
internal sealed record GeneratedShapley(IReadOnlyList<double[]>? Scores, int Evaluations, bool DeadlineReached)
{
    private const int DefaultEvaluations = 250;

    /// <summary>
    /// Evaluations to keep for the generated tokens, out of those that a request allows; 0: too few to tell them apart, or no need.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="context">Its tokens.</param>
    /// <param name="units">Units of the text, whose evaluation in full goes before where the request allows it.</param>
    public static int Share(ShapRequest request, ExplanationContext context, int units)
    {
        var players = (context.Target.Generation?.Ids.Length ?? 1) - 1;
        if (players == 0)
        {
            return 0;
        }

        var left =
            request.MaxEvaluations is not { } total ? DefaultEvaluations
            : request.Algorithm == ShapAlgorithm.Exact || (units <= ExactShapley.DefaultUnits && 1 << units <= total)
                ? total - (1 << Math.Min(units, ExactShapley.MaxUnits))
            : total / 3;
        var share = Math.Min(left, Whole(players));

        // An order of the tokens walked there and back is the least that an estimate takes.
        var enough = share >= Math.Min(2 * players, Whole(players));
        if (!enough)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.NoGeneratedScores,
                    "max_evaluations leaves too few evaluations for the earlier generated tokens; they have no \"generated_scores\"."
                )
            );
        }

        return enough ? share : 0;
    }

    /// <summary>The values within a budget; of a single token there are none.</summary>
    public static async Task<GeneratedShapley> EstimateAsync(
        ExplanationContext context,
        Replacement replacement,
        ShapleyOptions options,
        int budget,
        CancellationToken cancellationToken
    )
    {
        if (context.Target.Generation is not { } generation || (budget == 0 && generation.Ids.Length > 1))
        {
            return new GeneratedShapley(null, 0, false);
        }

        if (generation.Ids.Length == 1)
        {
            return new GeneratedShapley(
                [
                    [],
                ],
                0,
                false
            );
        }

        try
        {
            return await EstimateAsync(new GeneratedGame(context, generation, replacement), options, budget, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (NoPartialResultException)
        {
            return new GeneratedShapley(null, 0, true);
        }
    }

    private static async Task<GeneratedShapley> EstimateAsync(
        GeneratedGame game,
        ShapleyOptions options,
        int budget,
        CancellationToken cancellationToken
    )
    {
        // In an order of arrival tokens that come later add exactly nothing, unlike in a regression.
        var estimate = await ShapleyEstimators
            .EstimateAsync(
                Whole(game.Players) <= budget ? ShapAlgorithm.Exact : ShapAlgorithm.Permutation,
                game,
                options with
                {
                    MaxEvaluations = budget,
                    Interactions = false,
                    Tree = null,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        var scores = estimate.Scores.Select(
            (all, later) =>
            {
                var rest = estimate.Value[later] - estimate.BaseValue[later] - all.Take(later).Sum();
                return all.Take(later).Select(score => score + (rest / later)).ToArray();
            }
        );
        return new GeneratedShapley(estimate.DeadlineReached ? null : [.. scores], estimate.Evaluations, estimate.DeadlineReached);
    }

    private static int Whole(int players) => players <= ExactShapley.DefaultUnits ? 1 << players : int.MaxValue;
}
