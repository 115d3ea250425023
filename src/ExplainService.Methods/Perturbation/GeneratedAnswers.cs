using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Perturbation;

/// <summary>The part of an answer that lists generated tokens, each with the scores that a perturbation method gave its own f.</summary>
public static class GeneratedAnswers
{
    /// <summary>The tokens with scores over the text's tokens; null where nothing is generated.</summary>
    /// <param name="context">The request.</param>
    /// <param name="units">What was perturbed.</param>
    /// <param name="scores">[output][unit]; the generated tokens are the first outputs.</param>
    /// <param name="generatedScores">[generated token][earlier ones], where they were perturbed too.</param>
    public static IReadOnlyList<GeneratedToken>? Of(
        ExplanationContext context,
        IReadOnlyList<Unit> units,
        IReadOnlyList<double[]> scores,
        IReadOnlyList<double[]>? generatedScores = null
    ) =>
        context.Resolved?.Generation?.WithScores(
            [.. context.Resolved.Generation.Ids.Select((_, token) => Spread(context, units, scores[token]))],
            generatedScores
        );

    /// <summary>A unit was measured as a whole: each of its tokens has an even share of its score.</summary>
    private static double[] Spread(ExplanationContext context, IReadOnlyList<Unit> units, double[] scores)
    {
        var spread = new double[context.Input.Tokens.Count];
        for (var unit = 0; unit < units.Count; unit++)
        {
            foreach (var token in units[unit].Tokens)
            {
                spread[token] += scores[unit] / units[unit].Tokens.Count;
            }
        }

        return spread;
    }
}
