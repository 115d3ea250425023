using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Runtime;

namespace ExplainService.Methods.Saliency;

/// <summary>What a reader must know before trusting gradients, where the numbers themselves tell.</summary>
public static class SaliencyWarnings
{
    /// <summary>The part of f that may be missing or different without a word.</summary>
    private const double Tolerated = 0.05;

    /// <summary>Adds the warnings that the scores call for.</summary>
    public static async Task AddAsync(
        ExplanationContext context,
        SaliencyRequest request,
        IReadOnlyList<TokenScores> outputs,
        CancellationToken cancellationToken
    )
    {
        // A tolerance has its own warning.
        if (request.Tolerance is null && Incompleteness(outputs) is { } incomplete)
        {
            context.Warnings.Add(incomplete);
        }

        if (context.Model.Description.IsApproximatedInside && !context.Deadline.Passed && outputs.Any(output => output.Value is not null))
        {
            var own = await WholeText.ScoreAsync(context, cancellationToken).ConfigureAwait(false);
            if (Distance(outputs, own) is { } distant)
            {
                context.Warnings.Add(distant);
            }
        }
    }

    /// <summary>
    /// A sum that missed much of f(x) − f(b): the function turns too sharply on the way for so few points. Null: none did.
    /// </summary>
    public static Warning? Incompleteness(IReadOnlyList<TokenScores> outputs)
    {
        var worst = outputs
            .Where(output => output is { Change: not null, CompletenessError: not null })
            .MaxBy(output => output.CompletenessError!.Value - Allowed(output));
        if (worst is null || worst.CompletenessError <= Allowed(worst))
        {
            return null;
        }

        var (points, more) = worst.Steps is { } steps
            ? ($"{steps} steps", "more steps, or a tolerance,")
            : ($"{worst.Draws} samples", "more samples");
        return new Warning(
            WarningCode.Incomplete,
            FormattableString.Invariant(
                $"The completeness error is {worst.CompletenessError:g3} after {points}, where f changes by {Math.Abs(worst.Change!.Value):g3} from the baseline to the text; {more} make the scores add up."
            )
        );
    }

    /// <summary>A dequantised or widened function that says something else than the model does not explain it. Null: they agree.</summary>
    /// <param name="outputs">With f as the differentiated function computes it.</param>
    /// <param name="own">f of each output as the model itself computes it.</param>
    public static Warning? Distance(IReadOnlyList<TokenScores> outputs, double[] own)
    {
        var (model, inside) = outputs
            .Zip(own)
            .Where(pair => pair.First.Value is not null)
            .Select(pair => (Model: pair.Second, Inside: pair.First.Value!.Value))
            .MaxBy(pair => Math.Abs(pair.Model - pair.Inside));
        return Math.Abs(model - inside) > Tolerated * Math.Max(1, Math.Abs(model))
            ? new Warning(
                WarningCode.FunctionDiffers,
                FormattableString.Invariant(
                    $"The function whose gradients these are gives {inside:g4} where the model itself gives {model:g4}. They explain that function, and the model only as far as the two agree."
                )
            )
            : null;
    }

    /// <summary>Relative, but nothing is said of errors that are small beside a probability where f hardly changes.</summary>
    private static double Allowed(TokenScores output) => Tolerated * Math.Max(Tolerated, Math.Abs(output.Change!.Value));
}
