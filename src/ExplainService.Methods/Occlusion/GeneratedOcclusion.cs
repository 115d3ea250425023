using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Perturbation;

namespace ExplainService.Methods.Occlusion;

/// <summary>
/// Occlusion of earlier generated tokens: how much f of each later one drops when a single token that the model said before is removed. One
/// row a removed token scores all that follow it.
/// </summary>
public static class GeneratedOcclusion
{
    /// <summary>The drops, [generated token][earlier one]; null where nothing is generated, or there was no time for all of them.</summary>
    public static async Task<IReadOnlyList<double[]>?> MeasureAsync(
        ExplanationContext context,
        Replacement replacement,
        CancellationToken cancellationToken
    )
    {
        if (context.Target.Generation is not { } generation)
        {
            return null;
        }

        var drops = generation.Ids.Select((_, later) => new double[later]).ToArray();
        if (drops.Length == 1)
        {
            return drops;
        }

        var game = new GeneratedGame(context, generation, replacement);
        var everybody = Coalition.Full(game.Players);
        var earlier = 0;
        await foreach (
            var scores in game.EvaluateAsync(Enumerable.Range(0, game.Players).Select(everybody.Without), cancellationToken)
                .ConfigureAwait(false)
        )
        {
            for (var later = earlier + 1; later < drops.Length; later++)
            {
                drops[later][earlier] = generation.Tokens[later].Score!.Value - scores[later];
            }

            earlier++;
        }

        return earlier == game.Players ? drops : null;
    }
}
