using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Perturbation;

/// <summary>Says where the ridge penalty rather than the model makes scores small.</summary>
internal static class ShrinkageWarning
{
    // Less is within what the kernel's width, a matter of taste, changes.
    private const double Noticeable = 0.1;

    /// <summary>Warns of surrogates of the text's units, or of what is named.</summary>
    /// <param name="context">The request.</param>
    /// <param name="shrinkage">The share of the scores that the penalty takes.</param>
    /// <param name="what">Whose scores.</param>
    public static void Add(ExplanationContext context, double shrinkage, string what = "the scores")
    {
        if (shrinkage > Noticeable)
        {
            context.Warnings.Add(FormattableString.Invariant(
                $"the ridge penalty makes {what} smaller by about {100 * shrinkage:f0} %: they rank, but understate; ") +
                "raise samples or kernel_width, or lower alpha");
        }
    }
}
