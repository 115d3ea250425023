using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Shapley values of the units inside coarse ones. Inside a unit the rest of the text is once all there and once all gone; the values are
/// then brought to the coarse unit's own by a share of the difference in proportion to their size, so that every level adds up.
/// </summary>
/// <param name="game">The game of the finest units.</param>
/// <param name="context">The request.</param>
/// <param name="options">Seed and deadline.</param>
internal sealed class InnerShapley(ICoalitionGame game, ExplanationContext context, ShapleyOptions options)
{
    private readonly int main = context.Target.MainOutput;

    /// <summary>Answers of the units inside, those that the budget reached.</summary>
    public Dictionary<UnitNode, UnitAnswer> Answers { get; } = [];

    /// <summary>Evaluations of the text that it took.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether the time was up before the budget.</summary>
    public bool DeadlineReached { get; private set; }

    /// <summary>Spends a budget inside the strongest units.</summary>
    /// <param name="nodes">The coarse units.</param>
    /// <param name="answers">Their answers.</param>
    /// <param name="budget">Evaluations of the text.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async Task OpenAsync(
        IReadOnlyList<UnitNode> nodes,
        IReadOnlyList<UnitAnswer> answers,
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
                nodes.Zip(answers, (node, answer) => (node, Math.Abs(answer.Score!.Value))),
                budget,
                node => new InnerGame(game, node, bothContexts: true).Cost,
                (node, share) => ExplainAsync(node, share, cancellationToken)
            )
            .ConfigureAwait(false);
        DeadlineReached |= !whole;
    }

    private async Task<(IReadOnlyList<double> Strengths, int Spent)> ExplainAsync(
        UnitNode node,
        int budget,
        CancellationToken cancellationToken
    )
    {
        var whole = Answers[node];
        if (node.Inner.Count == 1)
        {
            Answers[node.Inner[0]] = UnitSet.Answer(context.Input, node.Inner[0].Unit, whole.Score, whole.StandardError);
            return ([Math.Abs(whole.Score!.Value)], 0);
        }

        var inner = new InnerGame(game, node, bothContexts: true);
        var estimate = await ShapleyEstimators
            .EstimateAsync(
                ShapAlgorithm.Auto,
                inner,
                options with
                {
                    MaxEvaluations = budget / inner.Cost,
                    Interactions = false,
                    Tree = UnitTree.Of(context.Input, [.. node.Inner.Select(part => part.Unit)]),
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        if (estimate is { DeadlineReached: true, Evaluations: < ShapMethod.LeastEvaluations })
        {
            throw new NothingYetException();
        }

        var scores = estimate.Scores[main];
        var size = scores.Sum(Math.Abs);
        var gap = whole.Score!.Value - scores.Sum();
        var unjudged = estimate is { StandardErrors: null, Algorithm: ShapAlgorithm.Kernel or ShapAlgorithm.Permutation };
        for (var i = 0; i < scores.Length; i++)
        {
            var share = size > 0 ? Math.Abs(scores[i]) / size : 1.0 / scores.Length;
            var own = estimate.StandardErrors?[main][i];
            var error =
                unjudged || (own is null && whole.StandardError is null)
                    ? (double?)null
                    : Math.Sqrt(Square(own) + Square(share * whole.StandardError));
            Answers[node.Inner[i]] = UnitSet.Answer(context.Input, node.Inner[i].Unit, scores[i] + (share * gap), error);
        }

        DeadlineReached |= estimate.DeadlineReached;
        var spent = estimate.Evaluations * inner.Cost;
        Evaluations += spent;
        return ([.. node.Inner.Select(part => Math.Abs(Answers[part].Score!.Value))], spent);
    }

    private static double Square(double? value) => value is { } number ? number * number : 0;
}
