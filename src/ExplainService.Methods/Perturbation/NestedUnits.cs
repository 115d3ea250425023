using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Perturbation;

/// <summary>What a method says of the parts of one unit.</summary>
/// <param name="Scores">[parts].</param>
/// <param name="StandardErrors">[parts]; null where there is none.</param>
/// <param name="Evaluations">Coalitions of the parts that were evaluated.</param>
/// <param name="DeadlineReached">Whether the time was up before the budget.</param>
internal sealed record PartScores(double[] Scores, IReadOnlyList<double?> StandardErrors, int Evaluations, bool DeadlineReached);

/// <summary>Explains what is inside the units of a hierarchy, the strongest first.</summary>
/// <param name="game">The game of the finest units.</param>
/// <param name="context">The request.</param>
/// <param name="bothContexts">Whether parts are looked at with the rest of the text gone, too.</param>
internal abstract class NestedUnits(ICoalitionGame game, ExplanationContext context, bool bothContexts)
{
    /// <summary>The answers of all units that the budget reached.</summary>
    public Dictionary<UnitNode, UnitAnswer> Answers { get; } = [];

    /// <summary>Evaluations of the text that it took.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether the time was up before the budget was spent.</summary>
    public bool DeadlineReached { get; private set; }

    /// <summary>Units that the budget was too small to open.</summary>
    public int Closed { get; private set; }

    /// <summary>The request.</summary>
    protected ExplanationContext Context => context;

    /// <summary>Spends a budget inside the strongest units.</summary>
    /// <param name="nodes">The coarsest units.</param>
    /// <param name="answers">Of theirs, [nodes]; each has a score.</param>
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

        var (inTime, closed) = await BudgetAllocator
            .SpendAsync(
                nodes.Zip(answers, (node, answer) => (node, Math.Abs(answer.Score!.Value))),
                budget,
                node => Inside(node).Cost,
                node => MinCoalitions(node.Inner.Count),
                (node, share) => OpenAsync(node, share, cancellationToken)
            )
            .ConfigureAwait(false);
        DeadlineReached |= !inTime;
        Closed = closed;
    }

    /// <summary>Says which units stayed closed.</summary>
    /// <param name="budget">The field that would open them.</param>
    public void Warn(string budget)
    {
        if (Closed > 0 && !DeadlineReached)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.PartsNotScored,
                    FormattableString.Invariant($"What was left of the budget told nothing of the parts of {Closed} units, ")
                        + $"which have none in the answer. Raise {budget}."
                )
            );
        }
    }

    /// <summary>Coalitions without which nothing can be said of so many parts.</summary>
    protected abstract int MinCoalitions(int parts);

    /// <summary>Explains the parts of a unit, of which there are two or more.</summary>
    /// <param name="node">The unit.</param>
    /// <param name="game">Its parts.</param>
    /// <param name="evaluations">Coalitions of the parts that may be evaluated.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    /// <exception cref="NoPartialResultException">There was no time to tell them apart.</exception>
    protected abstract Task<PartScores> ExplainAsync(UnitNode node, NestedGame game, int evaluations, CancellationToken cancellationToken);

    private async Task<(IReadOnlyList<double> Strengths, int Spent)> OpenAsync(
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

        var inner = Inside(node);
        var found = await ExplainAsync(node, inner, share / inner.Cost, cancellationToken).ConfigureAwait(false);
        foreach (var (i, part) in node.Inner.Index())
        {
            Answers[part] = UnitSet.Answer(context.Input, part.Unit, found.Scores[i], found.StandardErrors[i]);
        }

        var spent = found.Evaluations * inner.Cost;
        Evaluations += spent;
        DeadlineReached |= found.DeadlineReached;
        return ([.. found.Scores.Select(Math.Abs)], spent);
    }

    private NestedGame Inside(UnitNode node) => new(game, node, bothContexts);
}
