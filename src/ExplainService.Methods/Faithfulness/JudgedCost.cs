using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Faithfulness;

/// <summary>What a judgement may cost, and has cost, in texts: of a text in windows a text is more than a row.</summary>
internal static class JudgedCost
{
    private const int DefaultEvaluations = 4000;
    private const int LeastInWindows = 1000;

    /// <summary>The most texts that a request may score.</summary>
    public static int Most(int? asked, PreparedInput input) => asked ?? Math.Max(LeastInWindows, DefaultEvaluations / input.Windows.Count);

    /// <summary>About how many rows explanations will ask for, as the endpoints themselves would.</summary>
    public static long Rows(
        IEnumerable<ExplanationSource> sources,
        TextRequest request,
        ModelDescription model,
        PreparedInput input,
        UnitHierarchy units
    ) =>
        sources
            .Select(source => source.Request)
            .OfType<TextRequest>()
            .Sum(own => NestedRequests.ExpectedRows(MethodCatalog.Default.For(own), own, request, model, input, units));

    /// <summary>What a judgement took.</summary>
    public static long Whole(ExplanationContext context, EvaluationBudget budget, Recomputation recomputation) =>
        context.Input.InWindows ? budget.Spent + recomputation.Evaluations : context.Work.Meter.Rows;

    /// <summary>What an explanation took.</summary>
    /// <param name="context">The request.</param>
    /// <param name="before">Rows that there were before it.</param>
    /// <param name="answer">The explanation.</param>
    public static long Of(ExplanationContext context, long before, EvaluatedExplanation answer) =>
        context.Input.InWindows ? Math.Max(1, answer.Evaluations ?? 0) : context.Work.Meter.Rows - before;
}
