using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Lime;

/// <summary>Surrogates inside the units of a hierarchy, with the text around them as it is.</summary>
/// <param name="game">The game of the leaves.</param>
/// <param name="context">The request.</param>
/// <param name="options">Of every surrogate; its samples are what its unit's share of the budget allows.</param>
internal sealed class NestedSurrogates(ICoalitionGame game, ExplanationContext context, LimeOptions options)
    : NestedUnits(game, context, bothContexts: false)
{
    /// <summary>The largest share of scores that the penalty takes.</summary>
    public double Shrinkage { get; private set; }

    /// <summary>A pair a part: fewer leave the surrogate to its penalty.</summary>
    protected override int MinCoalitions(int parts) => 2 * parts;

    /// <inheritdoc/>
    protected override async Task<PartScores> ExplainAsync(
        UnitNode node,
        NestedGame game,
        int evaluations,
        CancellationToken cancellationToken
    )
    {
        var estimate = await LimeEstimator
            .EstimateAsync(game, options with { Samples = Math.Max(2, evaluations) }, cancellationToken)
            .ConfigureAwait(false);
        if (estimate.TellsNothing)
        {
            throw new NoPartialResultException();
        }

        Shrinkage = Math.Max(Shrinkage, estimate.Shrinkage);
        var main = Context.Target.MainOutput;
        var errors = node.Inner.Select((_, i) => estimate.StandardErrors?[main][i]);
        return new PartScores(estimate.Scores[main], [.. errors], estimate.Evaluations, estimate.DeadlineReached);
    }
}
