using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Shapley;

/// <summary>What a reader of Shapley values must know to read them right.</summary>
internal static class ShapWarnings
{
    /// <summary>Adds what applies to an estimate.</summary>
    public static void Add(
        ExplanationContext context,
        ShapRequest request,
        ShapleyEstimate estimate,
        int units,
        int budget,
        int evaluations,
        bool late
    )
    {
        if (late)
        {
            context.Warnings.Add(context.Deadline.PartialResult($"{evaluations} of {budget} evaluations"));
        }

        if (estimate.LargestGroup > 1)
        {
            var remedy =
                late ? "Choose"
                : request.Tolerance is not null && estimate.Converged ? "Lower tolerance or choose"
                : "Raise max_evaluations or choose";
            context.Warnings.Add(
                new Warning(
                    WarningCode.GroupsNotOpened,
                    FormattableString.Invariant(
                        $"{evaluations} evaluations did not open every group of adjacent units; units of one that stayed closed (the largest has {estimate.LargestGroup}) share its worth equally. {remedy} a coarser granularity."
                    )
                )
            );
        }

        if (estimate.Interactions is not null && estimate.Evaluations < Coalition.Total(units))
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.InteractionsEstimated,
                    FormattableString.Invariant(
                        $"The interactions are estimated from {estimate.InteractionEvaluations} evaluations, not counted over all coalitions."
                    )
                )
            );
        }

        if (request.Tolerance is { } tolerance && !estimate.Converged)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.ToleranceNotReached,
                    FormattableString.Invariant(
                        $"The tolerance of {tolerance:g3} was not reached within {estimate.Evaluations} evaluations."
                    )
                )
            );
        }

        var enough = SampleSizeRules.SufficientEvaluations(units);
        if (estimate is { Algorithm: ShapAlgorithm.Kernel or ShapAlgorithm.Permutation } && estimate.Evaluations < enough)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.FewEvaluations,
                    FormattableString.Invariant(
                        $"{estimate.Evaluations} evaluations for {units} units tell few of them apart, which takes {enough} at least. "
                    )
                        + (late ? "Choose" : "Raise max_evaluations, choose")
                        + " a coarser granularity, or use \"partition\", "
                        + (
                            context.Input.InWindows
                                ? "which changes a window or two at a time."
                                : "which opens the strongest parts of the text first."
                        )
                )
            );
        }

        if (context.Input.InWindows)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.WindowsReused,
                    FormattableString.Invariant(
                        $"An evaluation scores the whole text; windows in which nothing changed were not computed again ({context.Work.Meter.Rows} rows in all)."
                    )
                )
            );
        }
    }
}
