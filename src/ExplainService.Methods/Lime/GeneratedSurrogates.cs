using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;

namespace ExplainService.Methods.Lime;

/// <summary>A linear surrogate of every generated token's f by the presence of those before it, the text being as it is.</summary>
/// <param name="Scores">[generated token][earlier one]; null where the time was up.</param>
/// <param name="Evaluations">Rows that it took.</param>
/// <param name="DeadlineReached">Whether the time was up before the samples.</param>
internal sealed record GeneratedSurrogates(IReadOnlyList<double[]>? Scores, int Evaluations, bool DeadlineReached)
{
    private const int MaxSamples = 250;

    /// <summary>Fits them; null where nothing is generated.</summary>
    public static async Task<GeneratedSurrogates?> FitAsync(
        ExplanationContext context,
        Replacement replacement,
        LimeOptions options,
        CancellationToken cancellationToken
    )
    {
        if (context.Target.Generation is not { } generation)
        {
            return null;
        }

        if (generation.Ids.Length == 1)
        {
            return new GeneratedSurrogates(
                [
                    [],
                ],
                0,
                false
            );
        }

        try
        {
            var game = new GeneratedGame(context, generation, replacement);
            var estimate = await LimeEstimator
                .EstimateAsync(game, options with { Samples = Math.Min(options.Samples, MaxSamples), Features = null }, cancellationToken)
                .ConfigureAwait(false);
            if (!estimate.DeadlineReached)
            {
                PenaltyWarnings.Add(context, estimate, $"{game.Players} earlier generated tokens", "the generated tokens' scores");
            }

            return new GeneratedSurrogates(
                estimate.DeadlineReached ? null : [.. estimate.Scores.Select((all, later) => all[..later])],
                estimate.Evaluations,
                estimate.DeadlineReached
            );
        }
        catch (NoPartialResultException)
        {
            return new GeneratedSurrogates(null, 0, true);
        }
    }
}
