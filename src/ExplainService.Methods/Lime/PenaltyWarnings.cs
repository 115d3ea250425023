using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Lime;

/// <summary>Says where the ridge penalty rather than the model makes scores what they are.</summary>
internal static class PenaltyWarnings
{
    // Less is within what the kernel's width, a matter of taste, changes.
    private const double Noticeable = 0.1;

    /// <summary>Warns of a surrogate's scores, if there is reason to.</summary>
    /// <param name="context">The request.</param>
    /// <param name="estimate">The surrogate.</param>
    /// <param name="units">What it has a score of, with their number.</param>
    /// <param name="scores">Whose scores.</param>
    /// <param name="inTime">Whether there was time for the samples: after the deadline more of them are no remedy.</param>
    /// <param name="otherRemedy">What else would give the samples more weight.</param>
    public static void Add(
        ExplanationContext context,
        LimeEstimate estimate,
        FormattableString units,
        string scores = "the scores",
        bool inTime = true,
        string otherRemedy = ""
    )
    {
        var raise = inTime ? "Raise samples or kernel_width" : "Raise kernel_width";
        if (estimate.HeldByPenalty)
        {
            // Samples that are all there are weigh the same however often they are drawn.
            var all = estimate.Evaluations >= Coalition.Total(estimate.Scores[0].Length);
            context.Warnings.Add(
                new Warning(
                    WarningCode.PenaltyDecides,
                    FormattableString.Invariant(
                        $"{estimate.Evaluations} samples, worth {estimate.EffectiveSamples:f1} of equal weight, are too few for "
                    )
                        + $"{FormattableString.Invariant(units)}: the ridge penalty alone decides {scores}. {(all ? "Raise kernel_width" : raise)}{otherRemedy}."
                )
            );
        }
        else if (estimate.Shrinkage > Noticeable)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.PenaltyShrinks,
                    FormattableString.Invariant(
                        $"The ridge penalty makes {scores} smaller by about {100 * estimate.Shrinkage:f0} %: their order holds, their size is too small. "
                    ) + $"{raise}, or lower alpha."
                )
            );
        }
    }
}
