using ExplainService.Methods.Saliency;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>One gradient of the request's main target, at the text itself, with what is inside the model.</summary>
internal static class InsideGradient
{
    /// <summary>The gradient.</summary>
    public static async Task<GradientResult> OfAsync(
        ExplanationContext context,
        Propagation propagation,
        GradientOutputs outputs,
        CancellationToken cancellationToken
    )
    {
        var input = SaliencyInput.Of(context, context.Target.MainOutput, [], propagation);
        var result = await context
            .Runner.GradientAsync(
                [new GradientRow(input.Row, input.Targets)],
                input.Spec with
                {
                    Outputs = outputs,
                },
                context.Work,
                cancellationToken
            )
            .FirstAsync(cancellationToken)
            .ConfigureAwait(false);
        return Finite.Gradient(result);
    }
}
