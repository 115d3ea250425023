using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Perturbation;

/// <summary>What measuring the units of one level of a hierarchy found.</summary>
/// <param name="Scores">[units]; not a number for one that there was no time for.</param>
/// <param name="StandardErrors">[units], where sampled; not a number for a score that has none.</param>
/// <param name="InTime">Whether there was time for all of it.</param>
public sealed record LevelScores(double[] Scores, double[]? StandardErrors, bool InTime);

/// <summary>
/// Measures every unit of every level, the coarsest first, as methods do whose unit is measured without regard to the others.
/// </summary>
public static class HierarchyScorer
{
    /// <summary>The units' answers as far as there was time, and whether there was time for all.</summary>
    /// <param name="context">The request.</param>
    /// <param name="hierarchy">Its units.</param>
    /// <param name="measure">
    /// From a level, 0 the coarsest, and its units to their scores; null: the level has none to give, and what is inside goes on.
    /// </param>
    public static async Task<(IReadOnlyList<UnitAnswer> Answers, bool InTime)> ScoreAsync(
        ExplanationContext context,
        UnitHierarchy hierarchy,
        Func<int, UnitSet, Task<LevelScores?>> measure
    )
    {
        var answers = new Dictionary<UnitNode, UnitAnswer>();
        foreach (var (level, nodes) in hierarchy.Levels().Index())
        {
            var units = new UnitSet(hierarchy.Leaves.Name, [.. nodes.Select(node => node.Unit)]);
            LevelScores? measured;
            try
            {
                measured = await measure(level, units).ConfigureAwait(false);
            }
            catch (NoPartialResultException) when (answers.Count > 0)
            {
                // The coarser levels are an answer of their own.
                return (hierarchy.Answers(answers), InTime: false);
            }

            foreach (var (i, node) in nodes.Index())
            {
                if (measured is null)
                {
                    answers[node] = UnitSet.Answer(context.Input, node.Unit, score: null);
                }
                else if (!double.IsNaN(measured.Scores[i]))
                {
                    answers[node] = UnitSet.Answer(context.Input, node.Unit, measured.Scores[i], measured.StandardErrors?[i]);
                }
            }

            if (measured is { InTime: false } || (context.Deadline.Passed && nodes.Any(node => node.Inner.Count > 0)))
            {
                return (hierarchy.Answers(answers), InTime: false);
            }
        }

        return (hierarchy.Answers(answers), InTime: true);
    }
}
