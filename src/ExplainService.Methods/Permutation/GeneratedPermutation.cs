using ExplainService.Methods.Perturbation;

namespace ExplainService.Methods.Permutation;

/// <summary>What f of every generated token loses when other tokens take the place of one before it, the text being as it is.</summary>
/// <param name="Scores">[generated token][earlier one]; null where the time was up.</param>
/// <param name="Evaluations">Rows that it took.</param>
internal sealed record GeneratedPermutation(IReadOnlyList<double[]>? Scores, int Evaluations)
{
    /// <summary>Draws from the other generated tokens, or from the tokens of a background; null where nothing is generated.</summary>
    public static async Task<GeneratedPermutation?> MeasureAsync(
        ExplanationContext context,
        IReadOnlyList<string>? background,
        int samples,
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
            return new GeneratedPermutation(drops, 0);
        }

        int[] pool = background is null
            ? generation.Ids
            :
            [
                .. background.SelectMany(text =>
                    context.Model.Tokenizer.Encode(text, addSpecialTokens: false, cancellationToken: cancellationToken).Ids
                ),
            ];
        var players = generation.Ids.Length - 1;
        var plan = new PermutationPlan(players, 1, pool.Length, background is null, samples, context.Seed);
        var changes = plan.Draws()
            .SelectMany(drawn =>
                drawn.Select(
                    (replacement, earlier) =>
                        (Func<int, PlacedText?>)(player => player == earlier ? PlacedText.Exactly(pool[replacement]) : null)
                )
            );
        var seen = 0;
        var texts = new SubstitutedGenerations(context, generation);
        await foreach (var scores in texts.ScoreAsync(changes, cancellationToken).ConfigureAwait(false))
        {
            var earlier = seen++ % players;
            for (var later = earlier + 1; later < drops.Length; later++)
            {
                drops[later][earlier] += (generation.Tokens[later].Score!.Value - scores[later]) / plan.Rounds;
            }

            if (context.Deadline.Passed && seen < plan.Count)
            {
                return new GeneratedPermutation(null, seen);
            }
        }

        return new GeneratedPermutation(seen == plan.Count ? drops : null, seen);
    }
}
