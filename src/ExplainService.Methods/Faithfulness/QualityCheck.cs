using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Pipeline;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Faithfulness;

/// <summary><c>"quality": "basic"</c>: the area under <c>mask</c>, beside random orders.</summary>
internal sealed class QualityCheck : IQualityCheck
{
    private const int MostEvaluations = 10_000;

    /// <inheritdoc/>
    public long ExpectedRows(int units) => Math.Min(MostEvaluations, Basic.Rows(units, explanations: 1));

    private static Measurement Basic =>
        new([new Area()], [new ReplacementRequest(ReplacementKind.Mask)], Measurement.DefaultRandomOrders, Normalise: false);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, MetricAnswer>>?> MeasureAsync(
        Explanation answer,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.Resolved is null)
        {
            return null;
        }

        // An answer about tokens is judged by them.
        var units =
            context.Units.Nodes.Count > 0
                ? context.Units.Top
                : UnitSet.Build(context.Input, context.Request.Granularity?.Levels[0] ?? Granularity.Token, cancellationToken);
        if (UnitScores.Of(answer, units) is not { } scores)
        {
            return null;
        }

        var budget = new EvaluationBudget(MostEvaluations);
        var replacement = context.Input.Picture is null ? Basic.Replacements[0] : new ReplacementRequest(ReplacementKind.Mean);
        var table = await SetTable.OfAsync(replacement, context, units, budget, cancellationToken).ConfigureAwait(false);
        var judge = new Judge(Basic.Metrics, [table], Basic.RandomOrders, Basic.Normalise, context.Warnings);
        var judged = new JudgedExplanation("", JudgedScores.Of(scores, answer.IsUnsigned), new Evidence(scores.Length));
        return (await judge.MeasureAsync([judged], context.Seed, cancellationToken).ConfigureAwait(false))[0];
    }
}
