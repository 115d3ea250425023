using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Perturbation;

/// <summary>Surrogates inside the units of a hierarchy, the strongest first, with the text around them as it is.</summary>
/// <param name="game">The game of the leaves.</param>
/// <param name="context">The request.</param>
/// <param name="options">Of every surrogate; its samples are what its unit's share of the budget allows.</param>
internal sealed class InnerSurrogates(ICoalitionGame game, ExplanationContext context, LimeOptions options)
{
    private readonly int main = context.Target.MainOutput;

    /// <summary>The answers of all units that were reached.</summary>
    public Dictionary<UnitNode, UnitAnswer> Answers { get; } = [];

    /// <summary>Texts scored.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether the time was up before the budget was spent.</summary>
    public bool DeadlineReached { get; private set; }

    /// <summary>The largest share of scores that the penalty takes.</summary>
    public double Shrinkage { get; private set; }

    /// <summary>Opens units within a budget of evaluations.</summary>
    /// <param name="nodes">The coarsest units.</param>
    /// <param name="answers">Of theirs, [nodes].</param>
    /// <param name="scores">Of theirs, [nodes].</param>
    /// <param name="budget">Texts that may be scored.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async Task OpenAsync(
        IReadOnlyList<UnitNode> nodes,
        IReadOnlyList<UnitAnswer> answers,
        double[] scores,
        int budget,
        CancellationToken cancellationToken
    )
    {
        foreach (var (node, answer) in nodes.Zip(answers))
        {
            Answers[node] = answer;
        }

        var whole = await StrongestFirst
            .OpenAsync(
                nodes.Zip(scores, (node, score) => (node, Math.Abs(score))),
                budget,
                _ => 1,
                (node, share) => ExplainAsync(node, share, cancellationToken)
            )
            .ConfigureAwait(false);
        DeadlineReached |= !whole;
    }

    private async Task<(IReadOnlyList<double> Strengths, int Spent)> ExplainAsync(
        UnitNode node,
        int share,
        CancellationToken cancellationToken
    )
    {
        if (node.Inner.Count == 1)
        {
            // A single part is all of the unit.
            var (part, whole) = (node.Inner[0], Answers[node]);
            Answers[part] = UnitSet.Answer(context.Input, part.Unit, whole.Score, whole.StandardError);
            return ([Math.Abs(whole.Score!.Value)], 0);
        }

        var estimate = await Lime.EstimateAsync(
                new InnerGame(game, node, bothContexts: false),
                options with
                {
                    Samples = Math.Max(2, share),
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        if (estimate.TellsNothing)
        {
            throw new NothingYetException();
        }

        var scores = estimate.Scores[main];
        foreach (var (i, part) in node.Inner.Index())
        {
            Answers[part] = UnitSet.Answer(context.Input, part.Unit, scores[i], estimate.StandardErrors?[main][i]);
        }

        Evaluations += estimate.Evaluations;
        DeadlineReached |= estimate.DeadlineReached;
        Shrinkage = Math.Max(Shrinkage, estimate.Shrinkage);
        return ([.. scores.Select(Math.Abs)], estimate.Evaluations);
    }
}
