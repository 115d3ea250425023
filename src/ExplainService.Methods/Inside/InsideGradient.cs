using ExplainService.Methods.Contracts;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>One gradient of the request's main target, at the text itself, with what is inside the model.</summary>
internal static class InsideGradient
{
    /// <summary>Refuses what no single gradient is of: a sum of probabilities is none of their product.</summary>
    /// <exception cref="InvalidRequestException">The probabilities of several generated tokens (422).</exception>
    public static void RequireOneProduct(ExplanationContext context)
    {
        if (Sums(context))
        {
            throw InvalidRequestException.CannotDo(
                "objective",
                "The probabilities of several tokens are no single function; use \"log_probability\" or \"logit\", or a target of one token."
            );
        }
    }

    /// <summary>Whether f is a sum of several tokens' probabilities.</summary>
    public static bool Sums(ExplanationContext context)
    {
        var f = context.Window.Target;
        return f.Objective == Objective.Probability && f.Outputs[context.Target.MainOutput] is { Sums: true, Positions.Length: > 1 };
    }

    /// <summary>The gradient.</summary>
    public static async Task<GradientResult> OfAsync(
        ExplanationContext context,
        Propagation propagation,
        GradientOutputs outputs,
        CancellationToken cancellationToken
    )
    {
        RequireOneProduct(context);
        var input = SaliencyInput.Of(context, context.Target.MainOutput, [], propagation);
        var result = await context
            .Runner.GradientAsync([input.At(null)], input.Spec with { Outputs = outputs }, context.Work, cancellationToken)
            .FirstAsync(cancellationToken)
            .ConfigureAwait(false);
        return Finite.Gradient(result);
    }
}
